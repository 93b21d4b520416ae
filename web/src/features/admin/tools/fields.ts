import { useTexts } from "../../../i18n/dictionary.ts";
import { useLocale } from "../../../i18n/locale.ts";
import type { Category } from "../api/shapes.ts";
import { usePersons } from "../api/people.ts";
import { texts as audienceTexts } from "../audience/texts.ts";
import { useAudienceWords } from "../audience/words.ts";
import type { FieldOf } from "../common/conflict.ts";
import type { ToolForm } from "./form.ts";
import { texts as common } from "../texts.ts";
import { TILE_ICONS } from "./icons.ts";
import { texts } from "./texts.ts";

/** The fields of a tool, as the reader knows them: to compare two versions. */
export function useToolFields(categories: readonly Category[], owners: readonly string[]): FieldOf<ToolForm>[] {
  const t = useTexts(texts);
  const locale = useLocale();
  const c = useTexts(common);
  const a = useTexts(audienceTexts);
  const audience = useAudienceWords();
  const persons = usePersons(owners.filter((id) => id !== ""));
  return [
    { keys: ["nameFr"], label: t.name, show: (form) => form.nameFr },
    { keys: ["nameEn"], label: t.nameEn, show: (form) => form.nameEn },
    { keys: ["descriptionFr"], label: t.description, show: (form) => form.descriptionFr },
    { keys: ["descriptionEn"], label: t.descriptionEn, show: (form) => form.descriptionEn },
    { keys: ["category"], label: t.category, show: (form) => categories.find(({ id }) => id === form.category)?.title ?? form.category },
    { keys: ["url"], label: t.address, show: (form) => form.url },
    { keys: ["reaches"], label: t.reaches, show: (form) => form.reaches.map((reach) => t[reach]).join(", ") },
    { keys: ["owner"], label: t.owner, show: (form) => persons.get(form.owner)?.displayName ?? form.owner },
    { keys: ["icon"], label: t.icon, show: (form) => TILE_ICONS.find(({ icon }) => icon === form.icon)?.[locale] ?? form.icon },
    { keys: ["guests"], label: t.guests, show: (form) => (form.guests ? c.yes : c.no) },
    { keys: ["audience"], label: a.public, show: (form) => audience(form.audience) },
  ];
}
