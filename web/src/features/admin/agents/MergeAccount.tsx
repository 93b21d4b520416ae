import { useRef, useState } from "react";
import { useNavigate } from "react-router";

import { useTexts } from "../../../i18n/dictionary.ts";
import { tell } from "../../../lib/notes.ts";
import { ConfirmDialog, type Option } from "../../../ui/forms.ts";
import { Button } from "../../../ui/index.ts";
import { send } from "../api/call.ts";
import { useAct, useOutdate } from "../api/hooks.ts";
import type { AgentInFull } from "../api/shapes.ts";
import { BASE } from "../common/AdminPage.tsx";
import { PersonField } from "../common/PersonField.tsx";
import { ActFailed } from "../common/States.tsx";
import { texts as common } from "../texts.ts";
import { texts } from "./mergeTexts.ts";

/** Has the account of a sheet join another of the same person. It cannot be undone. */
export function MergeAccount({ agent }: { agent: AgentInFull }) {
  const t = useTexts(texts);
  const c = useTexts(common);
  const go = useNavigate();
  const outdate = useOutdate("agents", "grants", "organisation");
  const opener = useRef<HTMLElement | null>(null);
  const [kept, setKept] = useState<Option>();
  const [error, setError] = useState<string>();
  const [asked, setAsked] = useState(false);
  const merge = useAct(async (into: Option) => {
    await send({ method: "POST", path: `/api/v1/admin/agents/${agent.id}/merge`, body: { into: into.id } });
    await outdate();
    // This sheet is of nobody any more.
    await go(`${BASE}/agents/${into.id}`);
    tell(t.merged(agent.displayName, into.label));
  });
  const ask = (button: HTMLElement) => {
    opener.current = button;
    const missing = kept === undefined ? t.keptMissing : kept.id === agent.id ? t.same : undefined;
    setError(missing);
    setAsked(missing === undefined);
  };
  return (
    <section className="bs-card bs-sheet" aria-labelledby="agent-merge">
      <h2 id="agent-merge">{t.title}</h2>
      <p>{t.text(agent.displayName)}</p>
      <ActFailed error={merge.error} />
      <PersonField
        label={t.kept}
        hint={t.keptHint}
        error={error}
        value={kept}
        onChange={(one) => {
          setKept(one);
          setError(undefined);
          merge.reset();
        }}
      />
      <div className="bs-actions bs-actions--start">
        <Button kind="secondary" aria-disabled={merge.isPending} onClick={({ currentTarget }) => (merge.isPending ? undefined : ask(currentTarget))}>
          {t.merge}
        </Button>
      </div>
      <ConfirmDialog
        open={asked}
        title={kept === undefined ? "" : t.mergeTitle(agent.displayName, kept.label)}
        confirmLabel={t.merge}
        cancelLabel={c.cancel}
        closeLabel={c.close}
        opener={opener}
        busy={merge.isPending}
        onConfirm={() => {
          if (kept !== undefined) merge.mutate(kept);
          setAsked(false);
        }}
        onClose={() => setAsked(false)}
      >
        {kept === undefined ? null : (
          <ul className="bs-consequences">
            <li>{t.moves(kept.label, kept.detail ?? "")}</li>
            <li>{t.ends(agent.displayName)}</li>
            <li>{t.final}</li>
          </ul>
        )}
      </ConfirmDialog>
    </section>
  );
}
