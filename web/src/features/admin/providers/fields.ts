import { useTexts } from "../../../i18n/dictionary.ts";
import type { FieldOf } from "../common/conflict.ts";
import type { ProviderForm } from "./form.ts";
import { presetName } from "./presets.ts";
import { texts } from "./texts.ts";

/** The fields of a provider, as the reader knows them: to compare two versions. */
export function useProviderFields(): FieldOf<ProviderForm>[] {
  const t = useTexts(texts);
  return [
    { keys: ["preset"], label: t.software, show: (form) => presetName(form.preset, t.generic) },
    { keys: ["title"], label: t.name, show: (form) => form.title },
    { keys: ["issuer"], label: t.issuer, show: (form) => form.issuer },
    { keys: ["clientId"], label: t.clientId, show: (form) => form.clientId },
    { keys: ["domains"], label: t.domainsLabel, show: (form) => form.domains.join(", ") },
    {
      keys: ["supportLabel", "supportPhone", "supportEmail"],
      label: t.support,
      show: ({ supportLabel, supportPhone, supportEmail }) => [supportLabel, supportPhone, supportEmail].filter(Boolean).join(", "),
    },
    { keys: ["defaultSiret"], label: t.siret, show: (form) => form.defaultSiret },
  ];
}
