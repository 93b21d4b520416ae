import { useTexts } from "../i18n/dictionary.ts";
import { chooseLocale, type Locale, useLocale } from "../i18n/locale.ts";
import { texts } from "./texts.ts";

/** Each language says its own name in itself: it is read by those who do not read the other. */
const NAMES: Record<Locale, { short: string; long: string }> = {
  fr: { short: "FR", long: "FR, français" },
  en: { short: "EN", long: "EN, English" },
};

/** Two languages, two buttons: the pressed one is in use. */
export function LanguageSwitch({ wideOnly = false }: { wideOnly?: boolean }) {
  const t = useTexts(texts);
  const current = useLocale();
  return (
    <div className={wideOnly ? "bs-languages bs-wide-only" : "bs-languages"} role="group" aria-label={t.language}>
      {(["fr", "en"] as const).map((locale) => (
        <button
          key={locale}
          type="button"
          className="bs-icon-btn"
          lang={locale}
          aria-label={NAMES[locale].long}
          aria-pressed={locale === current}
          onClick={() => chooseLocale(locale)}
        >
          {NAMES[locale].short}
        </button>
      ))}
    </div>
  );
}
