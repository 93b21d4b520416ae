import { Badge } from "../../../ui/index.ts";
import { useTexts } from "../../../i18n/dictionary.ts";
import { useLocale } from "../../../i18n/locale.ts";
import type { RequestState, Tool } from "../api/shapes.ts";
import { number } from "../common/format.ts";
import { texts } from "./texts.ts";

const TONES: Record<RequestState, "warn" | "ok" | "error" | "neutral"> = {
  pending: "warn",
  approved: "ok",
  refused: "error",
  withdrawn: "neutral",
};

/** What the other administrations answered about a published tool. */
export function ApprovalsCard({ approvals }: { approvals: NonNullable<Tool["approvals"]> }) {
  const t = useTexts(texts);
  const locale = useLocale();
  if (approvals.length === 0) return null;
  return (
    <section className="bs-card">
      <h2>{t.approvals}</h2>
      {approvals.map(({ id, organisation, state, count, reason }) => (
        <div key={id}>
          <p>{t.approvalOf(organisation.label, number(count, locale))}</p>
          <p>
            <Badge tone={TONES[state]}>{t[`${state}Approval`]}</Badge> {reason}
          </p>
        </div>
      ))}
    </section>
  );
}
