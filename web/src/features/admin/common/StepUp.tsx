import { useLocation } from "react-router";

import { useTexts } from "../../../i18n/dictionary.ts";
import { useDocumentTitle } from "../../../lib/hooks.ts";
import { Placeholder } from "../../../ui/index.ts";
import { texts as common } from "../texts.ts";
import { texts } from "./stepUpTexts.ts";

/** Roles that this session may not use yet: how it becomes one that may, and comes back here. */
export function StepUp() {
  const t = useTexts(texts);
  const c = useTexts(common);
  const { pathname, search } = useLocation();
  useDocumentTitle(c.administration);
  const query = new URLSearchParams({ renforcer: "1", retour: `${pathname}${search}` });
  return (
    <>
      <div className="bs-title">
        <h1 tabIndex={-1}>{c.administration}</h1>
      </div>
      <Placeholder icon="lock-line" title={t.title}>
        <p>{t.text}</p>
        <p>{t.back}</p>
        <div className="bs-actions">
          <a className="fr-btn" href={`/connexion?${query}`}>
            {t.go}
          </a>
        </div>
      </Placeholder>
    </>
  );
}
