import { useTexts } from "../../../i18n/dictionary.ts";
import { ApiFailure, type FailureKind } from "../../../lib/api/problem.ts";
import { useLongWait } from "../../../lib/hooks.ts";
import { FailureNote } from "../../../ui/forms.ts";
import { Bar, Button, CopyText, Placeholder } from "../../../ui/index.ts";
import { texts } from "../texts.ts";

const ROWS = ["a", "b", "c", "d", "e"] as const;

/** Nothing for a moment, then the shape of a table. */
export function LoadingRows() {
  const t = useTexts(texts);
  if (!useLongWait(true)) return null;
  return (
    <>
      <p className="bs-sr" role="status">
        {t.loading}
      </p>
      <div className="bs-card" aria-hidden="true">
        {ROWS.map((row) => (
          <div className="bs-rowshape" key={row}>
            <Bar width="long" />
            <Bar width="middle" />
            <Bar width="short" />
          </div>
        ))}
      </div>
    </>
  );
}

/** A page that could not be read: what happened, what to do, whom to tell. */
export function Failed({ error, onRetry }: { error: Error; onRetry: () => void }) {
  const t = useTexts(texts);
  const failure = error instanceof ApiFailure ? error : new ApiFailure("broken");
  const sentences: Record<FailureKind, string> = {
    unreachable: t.unreachable,
    broken: t.broken,
    refused: t.refused,
    "signed-out": t.refused,
  };
  const id = failure.problem?.requestId;
  return (
    <Placeholder icon="cloud-off-line" tone="error" title={failure.kind === "refused" ? t.refusedTitle : t.failedTitle}>
      <p>{failure.problem?.detail ?? sentences[failure.kind]}</p>
      <div className="bs-actions">
        <Button kind="primary" onClick={onRetry}>
          {t.retry}
        </Button>
      </div>
      {id === undefined ? null : <CopyText caption={t.request} text={id} copyLabel={t.copyRequest} copiedLabel={t.copiedRequest} />}
    </Placeholder>
  );
}

/** An act that did not happen. What was written stays in the form. */
export function ActFailed({ error }: { error: unknown }) {
  const t = useTexts(texts);
  if (error === null || error === undefined) return null;
  const problem = error instanceof ApiFailure ? error.problem : undefined;
  const unreachable = error instanceof ApiFailure && error.kind === "unreachable";
  const request =
    problem?.requestId === undefined
      ? undefined
      : { caption: t.request, id: problem.requestId, copyLabel: t.copyRequest, copiedLabel: t.copiedRequest };
  return (
    <FailureNote
      title={problem?.title ?? (unreachable ? t.notSentTitle : t.notDoneTitle)}
      detail={problem?.detail ?? (unreachable ? t.notSent : t.notDone)}
      request={request}
    />
  );
}
