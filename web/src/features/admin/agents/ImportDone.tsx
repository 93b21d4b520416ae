import { Link } from "react-router";

import { useTexts } from "../../../i18n/dictionary.ts";
import { useLocale } from "../../../i18n/locale.ts";
import { Button, Placeholder } from "../../../ui/index.ts";
import type { Import } from "../api/shapes.ts";
import { BASE } from "../common/AdminPage.tsx";
import { number } from "../common/format.ts";
import { texts } from "./texts.ts";

/** What an import did, or where it stopped. */
export function ImportDone({ ended, onAgain }: { ended: Import; onAgain: () => void }) {
  const t = useTexts(texts);
  const locale = useLocale();
  const n = (value: number) => number(value, locale);
  if (ended.state === "failed") {
    return (
      <Placeholder icon="alert-line" tone="error" title={t.failed}>
        <p>{t.progress(n(ended.done ?? 0), n(ended.ready))}</p>
        <p>{t.failedText}</p>
        <div className="bs-actions">
          <Button kind="primary" onClick={onAgain}>
            {t.chooseOther}
          </Button>
        </div>
      </Placeholder>
    );
  }
  return (
    <div role="status">
      <Placeholder icon="check-line" title={t.done}>
        <p>{t.doneText(n(ended.ready), n(ended.created), n(ended.updated))}</p>
        <div className="bs-actions">
          <Link className="fr-btn" to={`${BASE}/agents`}>
            {t.seeAgents}
          </Link>
          <Button kind="tertiary" onClick={onAgain}>
            {t.chooseOther}
          </Button>
        </div>
      </Placeholder>
    </div>
  );
}
