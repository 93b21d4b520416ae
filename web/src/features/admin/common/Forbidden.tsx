import { Link } from "react-router";

import { useTexts } from "../../../i18n/dictionary.ts";
import { useDocumentTitle } from "../../../lib/hooks.ts";
import { Placeholder } from "../../../ui/index.ts";
import { useSite } from "../../portal/index.ts";
import { texts } from "../texts.ts";
import { AdminPage, BASE } from "./AdminPage.tsx";
import { useScope } from "./scope.ts";

/** No grant at all: what this is for, and who could open it. */
export function Forbidden({ organisation }: { organisation: string }) {
  const t = useTexts(texts);
  const support = useSite().data?.support;
  useDocumentTitle(t.administration);
  return (
    <>
      <div className="bs-title">
        <h1 tabIndex={-1}>{t.administration}</h1>
      </div>
      <Placeholder icon="lock-line" title={t.forbiddenTitle}>
        <p>{t.forbiddenText(organisation)}</p>
        {support === undefined ? null : (
          <p>
            {t.forbiddenHelp} <b>{support.label}</b> {support.phone}
          </p>
        )}
        <div className="bs-actions">
          <Link className="fr-btn" to="/">
            {t.goHome}
          </Link>
        </div>
      </Placeholder>
    </>
  );
}

/** A part of the administration that the reader's grants do not open, or that does not exist. */
export function NotThisPart() {
  const t = useTexts(texts);
  const { current } = useScope();
  return (
    <AdminPage title={t.forbiddenSection}>
      <Placeholder icon="lock-line" title={t.refusedTitle}>
        <p>{t.forbiddenSectionText(current.label)}</p>
        <div className="bs-actions">
          <Link className="fr-btn" to={BASE}>
            {t.goOverview}
          </Link>
        </div>
      </Placeholder>
    </AdminPage>
  );
}
