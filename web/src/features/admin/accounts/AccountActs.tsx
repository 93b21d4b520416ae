import { useRef, useState } from "react";
import { useNavigate } from "react-router";

import { useTexts } from "../../../i18n/dictionary.ts";
import { tell } from "../../../lib/notes.ts";
import { ConfirmDialog } from "../../../ui/forms.ts";
import { Button } from "../../../ui/index.ts";
import { send as sendOnly } from "../api/call.ts";
import { useAct, useOutdate, useSend } from "../api/hooks.ts";
import { BASE } from "../common/AdminPage.tsx";
import { useScope } from "../common/scope.ts";
import { ActFailed } from "../common/States.tsx";
import { texts as common } from "../texts.ts";
import { type AccountInFull, ACCOUNTS, type InvitationSent, ROOT, type Step, STEPS } from "./api.ts";
import { LinkOnce } from "./LinkOnce.tsx";
import { acts, consequences, done, texts, titles } from "./texts.ts";

/** What the reader may do to an account: each act says first what will happen. */
export function AccountActs({ account }: { account: AccountInFull }) {
  const t = useTexts(texts);
  const c = useTexts(common);
  const words = { acts: useTexts(acts), titles: useTexts(titles), done: useTexts(done), consequences: useTexts(consequences) };
  const go = useNavigate();
  const send = useSend(ACCOUNTS);
  const outdate = useOutdate(ACCOUNTS);
  const opener = useRef<HTMLElement | null>(null);
  const [asked, setAsked] = useState<Step>();
  const [link, setLink] = useState<string>();
  const who = account.displayName;
  const { agent } = useScope();
  // An account has the id of its agent. Of one that the file keeps, a factor alone could be reset.
  const empty = account.id !== agent.id && account.origin === "configured" && account.passwordChosen && !account.secondFactor;
  const path = `${ROOT}/${account.id}`;
  const perform: Record<Step, () => Promise<unknown>> = {
    async invite() {
      const { data } = await send<InvitationSent>({ method: "POST", path: `${path}/invite` });
      if (data.link) setLink(data.link);
      else tell(t.sent(who));
    },
    async reset_factor() {
      await send({ method: "POST", path: `${path}/reset-factor` });
      tell(words.done.reset_factor(who));
    },
    async remove() {
      await sendOnly({ method: "DELETE", path });
      // There is no sheet to ask again for; the list is, once it is shown.
      await outdate();
      await go(`${BASE}/comptes`);
      tell(words.done.remove(who));
    },
  };
  const act = useAct((step: Step) => perform[step]());
  const open = (step: Step, button: HTMLElement) => {
    opener.current = button;
    act.reset();
    setAsked(step);
  };
  const confirm = () => {
    if (asked === undefined) return;
    act.mutate(asked);
    setAsked(undefined);
  };
  return (
    <>
      <ActFailed error={act.error} />
      {account.may.length === 0 ? <p className="bs-small">{empty ? t.nothingToDo : t.nothing}</p> : null}
      {account.origin === "configured" && (empty || account.may.length > 0) ? <p className="bs-small">{t.keptByFile}</p> : null}
      <div className="bs-actions bs-actions--start">
        {STEPS.filter((step) => account.may.includes(step)).map((step) => (
          <Button key={step} kind="secondary" aria-disabled={act.isPending} onClick={({ currentTarget }) => (act.isPending ? undefined : open(step, currentTarget))}>
            {words.acts[step]}
          </Button>
        ))}
      </div>
      <ConfirmDialog
        open={asked !== undefined}
        title={asked === undefined ? "" : words.titles[asked](who)}
        confirmLabel={asked === undefined ? "" : words.acts[asked]}
        cancelLabel={c.cancel}
        closeLabel={c.close}
        opener={opener}
        busy={act.isPending}
        onConfirm={confirm}
        onClose={() => setAsked(undefined)}
      >
        {asked === undefined ? null : (
          <ul className="bs-consequences">
            {words.consequences[asked].split("\n").map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        )}
      </ConfirmDialog>
      {link === undefined ? null : <LinkOnce link={link} who={who} onDone={() => setLink(undefined)} />}
    </>
  );
}
