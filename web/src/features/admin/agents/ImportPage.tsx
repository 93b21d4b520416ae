import { useNavigate, useParams } from "react-router";

import { useTexts } from "../../../i18n/dictionary.ts";
import { Steps } from "../../../ui/forms.ts";
import { Badge, Button, Icon } from "../../../ui/index.ts";
import type { Import } from "../api/shapes.ts";
import { AdminPage, BASE } from "../common/AdminPage.tsx";
import { useScope } from "../common/scope.ts";
import { Failed, LoadingRows } from "../common/States.tsx";
import { ImportDone } from "./ImportDone.tsx";
import { ImportFile } from "./ImportFile.tsx";
import { ImportRunning } from "./ImportRunning.tsx";
import { ImportTrial, useFileFacts } from "./ImportTrial.tsx";
import { useImport, useImportActs } from "./imports.ts";
import { texts } from "./texts.ts";

const STEP: Record<Import["state"], number> = { ready: 1, running: 2, done: 2, failed: 2 };

/** `/administration/agents/import` and `…/import/:id`: a file, its dry run, its import. */
export function ImportPage() {
  const t = useTexts(texts);
  const { current } = useScope();
  const { id } = useParams();
  const go = useNavigate();
  const acts = useImportActs(current.id);
  const { data, error, refetch } = useImport(id);
  const known = id === undefined ? undefined : data?.data;
  const facts = useFileFacts(known);
  const again = () => {
    if (known?.state === "ready") void acts.drop(known.id).catch(() => undefined);
    void go(`${BASE}/agents/import`);
  };
  return (
    <AdminPage
      title={t.import}
      above={[{ label: t.title, to: `${BASE}/agents` }]}
      mark={
        known?.state === "ready" ? (
          <Badge tone="info" icon="eye-line">
            {t.dryRun}
          </Badge>
        ) : undefined
      }
      intro={id === undefined ? t.importIntro : facts}
      actions={
        known?.state === "ready" ? (
          <Button small onClick={again}>
            <Icon name="upload-2-line" />
            {t.chooseOther}
          </Button>
        ) : undefined
      }
    >
      <Steps label={t.steps} steps={[t.stepFile, t.stepTrial, t.stepImport]} current={known === undefined ? 0 : STEP[known.state]} />
      {id === undefined ? (
        <ImportFile read={acts.read} onRead={(made) => void go(`${BASE}/agents/import/${made.id}`)} />
      ) : null}
      {id !== undefined && known === undefined && error === null ? <LoadingRows /> : null}
      {known === undefined && error !== null ? <Failed error={error} onRetry={() => void refetch()} /> : null}
      {known?.state === "ready" ? <ImportTrial trial={known} apply={acts.apply} /> : null}
      {known?.state === "running" ? <ImportRunning running={known} /> : null}
      {known?.state === "done" || known?.state === "failed" ? <ImportDone ended={known} onAgain={again} /> : null}
    </AdminPage>
  );
}
