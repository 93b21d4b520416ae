import { useTexts } from "../../../i18n/dictionary.ts";
import { chooseLocale, type Locale, LOCALES, useLocale } from "../../../i18n/locale.ts";
import { chooseSingleKeys, useSingleKeys } from "../../../lib/preferences/shortcuts.ts";
import { chooseTheme, THEMES, useTheme } from "../../../lib/preferences/theme.ts";
import { SelectField } from "../../../ui/forms.ts";
import { Switch, ThemePicture } from "../../../ui/index.ts";
import type { Settings } from "../api/settings.ts";
import { texts } from "../texts.ts";

const LANGUAGES: Record<Locale, string> = { fr: "Français", en: "English" };

/** Light, dark, or as the machine: three small pictures. */
export function ThemeCard() {
  const t = useTexts(texts);
  const theme = useTheme();
  const singleKeys = useSingleKeys();
  return (
    <section className="bs-card" aria-labelledby="display">
      <h2 id="display">{t.displayTitle}</h2>
      <p>{t.displayText}</p>
      <fieldset className="bs-swatches">
        <legend>{t.theme}</legend>
        {THEMES.map((choice) => (
          <label key={choice}>
            <input type="radio" name="theme" checked={theme === choice} onChange={() => chooseTheme(choice)} />
            <ThemePicture theme={choice} />
            {t[choice]}
          </label>
        ))}
      </fieldset>
      <Switch label={t.singleKeys} hint={t.singleKeysHint} checked={singleKeys} onChange={chooseSingleKeys} />
    </section>
  );
}

interface LanguageCardProps {
  settings: Settings | undefined;
  change: (change: Partial<Settings>) => void;
}

/** The language of this browser, and the zone of the reader's dates. */
export function LanguageCard({ settings, change }: LanguageCardProps) {
  const t = useTexts(texts);
  const locale = useLocale();
  return (
    <section className="bs-card" aria-labelledby="language">
      <h2 id="language">{t.languageTitle}</h2>
      <p>{t.languageText}</p>
      <div className="bs-2col">
        <SelectField
          label={t.language}
          value={locale}
          options={LOCALES.map((one) => ({ value: one, label: LANGUAGES[one], lang: one }))}
          onChange={(chosen) => {
            const language = LOCALES.find((one) => one === chosen);
            if (language !== undefined) chooseLocale(language);
          }}
        />
        {settings === undefined ? null : (
          <SelectField label={t.zone} value={settings.zone} options={zonesWith(settings.zone)} onChange={(zone) => change({ zone })} />
        )}
      </div>
    </section>
  );
}

/** The zones of the Republic first, then every zone that the browser knows. */
const REPUBLIC = [
  "Europe/Paris", "America/Guadeloupe", "America/Martinique", "America/Cayenne", "Indian/Reunion", "Indian/Mayotte",
  "America/Miquelon", "Pacific/Noumea", "Pacific/Tahiti", "Pacific/Wallis", "Pacific/Marquesas",
];

function zonesWith(current: string): { value: string; label: string }[] {
  const known = typeof Intl.supportedValuesOf === "function" ? Intl.supportedValuesOf("timeZone") : [];
  const zones = new Set([...REPUBLIC, current, ...known]);
  return [...zones].map((zone) => ({ value: zone, label: zone.replaceAll("_", " ").replace("/", " · ") }));
}
