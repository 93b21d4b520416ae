import { useTexts } from "../../../i18n/dictionary.ts";
import { ApiFailure } from "../../../lib/api/problem.ts";
import { FailureNote } from "../../../ui/forms.ts";
import { texts } from "../texts.ts";

/** An act that did not happen: why, as the server says it. */
export function NotDone({ error }: { error: unknown }) {
  const t = useTexts(texts);
  if (error === null || error === undefined) return null;
  const problem = error instanceof ApiFailure ? error.problem : undefined;
  return <FailureNote title={problem?.title ?? t.failedTitle} detail={problem?.detail ?? t.failed} />;
}
