import { useTexts } from "../../../i18n/dictionary.ts";
import { useAudienceWords } from "../audience/words.ts";
import type { FieldOf } from "../common/conflict.ts";
import { texts as common } from "../texts.ts";
import type { AnnouncementForm } from "./form.ts";
import { texts } from "./texts.ts";

const moment = (field: string) => field.replace("T", ", ");

/** The fields of an announcement, as the reader knows them: to compare two versions. */
export function useAnnouncementFields(): FieldOf<AnnouncementForm>[] {
  const t = useTexts(texts);
  const c = useTexts(common);
  const audience = useAudienceWords();
  return [
    { keys: ["titleFr"], label: t.titleFr, show: (form) => form.titleFr },
    { keys: ["titleEn"], label: t.titleEn, show: (form) => form.titleEn },
    { keys: ["bodyFr"], label: t.bodyFr, show: (form) => form.bodyFr },
    { keys: ["bodyEn"], label: t.bodyEn, show: (form) => form.bodyEn },
    { keys: ["severity"], label: t.severity, show: (form) => t[form.severity] },
    { keys: ["audience"], label: t.audience, show: (form) => audience(form.audience) },
    { keys: ["from"], label: t.from, show: (form) => moment(form.from) },
    { keys: ["until"], label: t.until, show: (form) => moment(form.until) },
    { keys: ["mustConfirm"], label: t.mustConfirm, show: (form) => (form.mustConfirm ? c.yes : c.no) },
    { keys: ["link"], label: t.link, show: (form) => form.link },
  ];
}
