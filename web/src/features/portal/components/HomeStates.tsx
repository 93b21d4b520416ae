import { useTexts } from "../../../i18n/dictionary.ts";
import { ApiFailure, type FailureKind } from "../../../lib/api/problem.ts";
import { useLongWait } from "../../../lib/hooks.ts";
import { Bar, Button, CopyText, Placeholder, TileShape } from "../../../ui/index.ts";
import { texts } from "../texts.ts";
import { SupportCard } from "./SupportCard.tsx";

const SHAPES = ["a", "b", "c", "d"] as const;

/** Nothing for a moment, then the true shape of what comes. */
export function LoadingTools() {
  const t = useTexts(texts);
  if (!useLongWait(true)) return null;
  return (
    <>
      <p className="bs-sr" role="status">
        {t.loading}
      </p>
      <div className="bs-card bs-cats bs-cats--4" aria-hidden="true">
        {SHAPES.map((column) => (
          <section key={column}>
            <h3>
              <Bar width="short" />
            </h3>
            {SHAPES.map((row) => (
              <TileShape key={row} />
            ))}
          </section>
        ))}
      </div>
    </>
  );
}

/** No tool is meant for this reader: what this is for, and whom to ask. */
export function NoTools() {
  const t = useTexts(texts);
  return (
    <Placeholder icon="layout-grid-line" title={t.emptyTitle}>
      <p>{t.emptyText}</p>
      <SupportCard />
    </Placeholder>
  );
}

/** The tools could not be read. */
export function ToolsFailed({ error, onRetry }: { error: Error; onRetry: () => void }) {
  const t = useTexts(texts);
  return <Failed title={t.errorTitle} error={error} onRetry={onRetry} />;
}

/** What happened, what is kept, what to do next, and the number to give when asking for help. */
export function Failed({ title, error, onRetry }: { title: string; error: Error; onRetry: () => void }) {
  const t = useTexts(texts);
  const sentences: Record<FailureKind, string> = {
    unreachable: t.errorUnreachable,
    broken: t.errorBroken,
    refused: t.errorRefused,
    "signed-out": t.errorRefused,
  };
  const failure = error instanceof ApiFailure ? error : new ApiFailure("broken");
  const requestId = failure.problem?.requestId;
  return (
    <Placeholder icon="cloud-off-line" tone="error" title={title}>
      <p>{sentences[failure.kind]}</p>
      <div className="bs-actions">
        <Button kind="primary" onClick={onRetry}>
          {t.retry}
        </Button>
      </div>
      {requestId ? (
        <CopyText caption={t.request} text={requestId} copyLabel={t.copy} copiedLabel={t.copied} />
      ) : null}
      {failure.kind === "refused" ? <SupportCard /> : null}
    </Placeholder>
  );
}
