import { useSite } from "../features/portal/index.ts";
import { useTexts } from "../i18n/dictionary.ts";
import { texts } from "./texts.ts";

/** The legal links: pages that the server renders, hence plain links. */
export function Footer() {
  const t = useTexts(texts);
  const state = useSite().data?.accessibility;
  const words: Record<string, string> = {
    "non conforme": t.notConform,
    "partiellement conforme": t.partly,
    "totalement conforme": t.conform,
  };
  return (
    <footer className="bs-foot">
      <a href="/accessibilite">
        {t.accessibility}
        {state === undefined ? null : `${t.colon} ${words[state] ?? state}`}
      </a>
      <a href="/mentions-legales">{t.legal}</a>
      <a href="/donnees-personnelles">{t.privacy}</a>
    </footer>
  );
}
