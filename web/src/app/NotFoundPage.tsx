import { Link } from "react-router";

import { useTexts } from "../i18n/dictionary.ts";
import { useDocumentTitle } from "../lib/hooks.ts";
import { texts } from "./texts.ts";

/** An address that is none of ours. */
export function NotFoundPage() {
  const t = useTexts(texts);
  useDocumentTitle(t.notFound);
  return (
    <div className="bs-title">
      <h1 tabIndex={-1}>{t.notFound}</h1>
      <p>{t.notFoundText}</p>
      <p className="bs-title__action">
        <Link className="fr-btn" to="/">
          {t.goHome}
        </Link>
      </p>
    </div>
  );
}
