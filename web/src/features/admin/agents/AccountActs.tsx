import { useRef, useState } from "react";
import { useNavigate } from "react-router";

import { useTexts } from "../../../i18n/dictionary.ts";
import { tell, tellFailure } from "../../../lib/notes.ts";
import { ConfirmDialog, TextArea } from "../../../ui/forms.ts";
import { Button } from "../../../ui/index.ts";
import { send as sendOnly } from "../api/call.ts";
import { useAct, useOutdate, useSend } from "../api/hooks.ts";
import type { AccountStep, AgentInFull } from "../api/shapes.ts";
import { BASE } from "../common/AdminPage.tsx";
import { ActFailed } from "../common/States.tsx";
import { texts as common } from "../texts.ts";
import { acts, consequences, done, texts, titles } from "./life.ts";

const LONGEST = 500;

/** What the reader may do to an account: each act names its consequence first, and what can be undone is. */
export function AccountActs({ agent }: { agent: AgentInFull }) {
  const t = useTexts(texts);
  const c = useTexts(common);
  const words = { acts: useTexts(acts), titles: useTexts(titles), done: useTexts(done), consequences: useTexts(consequences) };
  const go = useNavigate();
  const send = useSend("agents", "grants", "organisation");
  const outdate = useOutdate("agents", "organisation");
  const opener = useRef<HTMLElement | null>(null);
  const [asked, setAsked] = useState<AccountStep>();
  const [reason, setReason] = useState("");
  const [missing, setMissing] = useState(false);
  const act = useAct(perform);
  const confirm = () => {
    if (asked === undefined) return;
    if (asked === "suspend" && reason.trim() === "") return setMissing(true);
    act.mutate(asked);
    setAsked(undefined);
  };
  const open = (step: AccountStep, button: HTMLElement) => {
    opener.current = button;
    setMissing(false);
    act.reset();
    if (step === "resume") act.mutate("resume");
    else setAsked(step);
  };
  /** Does it, says it, and offers to take back what can be. */
  async function perform(step: AccountStep) {
    const body = step === "resume" ? undefined : { reason };
    const order = { method: "POST", path: `/api/v1/admin/agents/${agent.id}/${step}`, body } as const;
    if (step === "erase") {
      await sendOnly(order);
      // There is no sheet to ask again for; the list is, once it is shown.
      await outdate();
      await go(`${BASE}/agents`);
    } else await send(order);
    setReason("");
    const undo = () => void perform("resume").catch(() => tellFailure(t.notUndone));
    tell(words.done[step](agent.displayName), UNDONE.has(step) ? undo : undefined);
  }
  return (
    <>
      <ActFailed error={act.error} />
      {agent.may.length === 0 ? <p className="bs-small">{t.nothing}</p> : null}
      <div className="bs-actions bs-actions--start">
        {agent.may.map((step) => (
          <Button key={step} kind={step === "resume" ? "primary" : "secondary"} aria-disabled={act.isPending} onClick={({ currentTarget }) => (act.isPending ? undefined : open(step, currentTarget))}>
            {words.acts[step]}
          </Button>
        ))}
      </div>
      <ConfirmDialog
        open={asked !== undefined}
        title={asked === undefined ? "" : words.titles[asked](agent.displayName)}
        confirmLabel={asked === undefined ? "" : words.acts[asked]}
        cancelLabel={c.cancel}
        closeLabel={c.close}
        opener={opener}
        busy={act.isPending}
        onConfirm={confirm}
        onClose={() => setAsked(undefined)}
      >
        {asked === undefined ? null : (
          <>
            <ul className="bs-consequences">
              {words.consequences[asked](agent.sessions, agent.roles, agent.guests).split("\n").map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
            <TextArea
              label={asked === "suspend" ? t.reason : t.reasonOptional}
              hint={t.reasonHint}
              error={missing ? t.reasonMissing : undefined}
              value={reason}
              maxLength={LONGEST}
              onChange={(text) => {
                setReason(text);
                setMissing(false);
              }}
            />
          </>
        )}
      </ConfirmDialog>
    </>
  );
}

/** Acts that the note offers to take back. */
const UNDONE: ReadonlySet<AccountStep> = new Set(["suspend", "depart"]);
