import { useState } from "react";
import { Link, useNavigate } from "react-router";

import { useTexts } from "../../../i18n/dictionary.ts";
import { ApiFailure } from "../../../lib/api/problem.ts";
import { tell } from "../../../lib/notes.ts";
import { ActButton, SelectField, TextField } from "../../../ui/forms.ts";
import { useAct, useSend } from "../api/hooks.ts";
import { type Population, POPULATIONS } from "../api/shapes.ts";
import { AdminPage, BASE } from "../common/AdminPage.tsx";
import { focusFirstFault } from "../common/focus.ts";
import { useScope } from "../common/scope.ts";
import { ActFailed } from "../common/States.tsx";
import { type AccountMade, ACCOUNTS, type NewAccount, ROOT } from "./api.ts";
import { LinkOnce } from "./LinkOnce.tsx";
import { texts } from "./texts.ts";

const EMPTY = { email: "", givenName: "", usualName: "", unit: "", population: "" as Population | "" };
type Written = typeof EMPTY;

/** What is sent: what was not written is not said. */
function bodyOf(written: Written, organisation: string): NewAccount {
  const { email, givenName, usualName, unit, population } = written;
  return {
    email: email.trim(),
    givenName: givenName.trim(),
    usualName: usualName.trim(),
    organisation,
    ...(unit.trim() === "" ? {} : { unit: unit.trim() }),
    ...(population === "" ? {} : { population }),
  };
}

/** The account of somebody who is invited already, when that is why an invitation was refused. */
function waitingOf(error: unknown): string | undefined {
  return error instanceof ApiFailure ? error.problem?.account : undefined;
}

/** `/administration/comptes/nouveau`: somebody is invited. */
export function InvitePage() {
  const t = useTexts(texts);
  const go = useNavigate();
  const { current } = useScope();
  const send = useSend(ACCOUNTS);
  const [written, setWritten] = useState<Written>(EMPTY);
  const [asked, setAsked] = useState(false);
  const [made, setMade] = useState<AccountMade>();
  const act = useAct(async () => {
    const answer = await send<AccountMade>({ method: "POST", path: ROOT, body: bodyOf(written, current.id) });
    if (answer.data.invitation.link) return setMade(answer.data);
    tell(t.sent(answer.data.account.displayName));
    await go(`${BASE}/comptes/${answer.data.account.id}`);
  });
  const waiting = waitingOf(act.error);
  const set = (key: keyof Written) => (value: string) => setWritten({ ...written, [key]: value });
  const missing = (key: "email" | "givenName" | "usualName") => asked && written[key].trim() === "";
  const name = (key: "givenName" | "usualName") => (
    <TextField label={t[key]} required maxLength={256} value={written[key]} error={missing(key) ? t.nameMissing : undefined} onChange={set(key)} />
  );
  const run = () => {
    setAsked(true);
    const whole = [written.email, written.givenName, written.usualName].every((text) => text.trim() !== "");
    if (whole) act.mutate();
    else focusFirstFault();
  };
  return (
    <AdminPage title={t.invite} above={[{ label: t.title, to: `${BASE}/comptes` }]} intro={t.inviteIntro(current.label)}>
      <form
        className="bs-card bs-stack bs-sheet"
        noValidate
        aria-labelledby="whom"
        onSubmit={(event) => {
          event.preventDefault();
          if (!act.isPending) run();
        }}
      >
        <h2 id="whom">{t.whom}</h2>
        <TextField
          label={t.email}
          hint={t.emailHint}
          type="email"
          required
          mono
          maxLength={254}
          value={written.email}
          error={missing("email") ? t.emailMissing : undefined}
          onChange={set("email")}
        />
        <div className="bs-pair">
          {name("givenName")}
          {name("usualName")}
        </div>
        <div className="bs-pair">
          <TextField label={t.unit} maxLength={256} value={written.unit} onChange={set("unit")} />
          <SelectField
            label={t.population}
            value={written.population}
            options={[{ value: "", label: t.noPopulation }, ...POPULATIONS.map((value) => ({ value, label: t[value] }))]}
            onChange={set("population")}
          />
        </div>
        <ActFailed error={act.error} />
        {waiting === undefined ? null : (
          <p>
            <Link to={`${BASE}/comptes/${waiting}`}>{t.seeSheet}</Link>
          </p>
        )}
        <div className="bs-actions bs-actions--start">
          <ActButton kind="primary" type="submit" off={act.isPending} onClick={() => undefined}>
            {t.send}
          </ActButton>
        </div>
      </form>
      {made?.invitation.link ? (
        <LinkOnce link={made.invitation.link} who={made.account.displayName} onDone={() => void go(`${BASE}/comptes/${made.account.id}`)} />
      ) : null}
    </AdminPage>
  );
}
