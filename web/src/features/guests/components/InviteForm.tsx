import { type RefObject, useState } from "react";

import { useTexts } from "../../../i18n/dictionary.ts";
import { useLocale } from "../../../i18n/locale.ts";
import { ActButton, Notice, TextField, TickGroup } from "../../../ui/forms.ts";
import { Button } from "../../../ui/index.ts";
import { type Invitation, type Shareable, useInvite } from "../api/guests.ts";
import { dayOf, endOf, fieldOf, latest, usual } from "../days.ts";
import { texts } from "../texts.ts";
import { NotDone } from "./NotDone.tsx";

interface InviteFormProps {
  shareable: Shareable;
  /** What the form begins with: somebody who is invited again. */
  again: Invitation | undefined;
  heading: RefObject<HTMLHeadingElement | null>;
  onSent: (invitation: Invitation) => void;
  onCancel: () => void;
}

interface Form {
  email: string;
  givenName: string;
  usualName: string;
  organisation: string;
  purpose: string;
  tools: string[];
  until: string;
}

const LINES = ["email", "givenName", "usualName", "organisation", "purpose"] as const;

/** Whom, for what, what, until when. */
export function InviteForm({ shareable, again, heading, onSent, onCancel }: InviteFormProps) {
  const t = useTexts(texts);
  const locale = useLocale();
  const [now] = useState(() => Date.now());
  const last = latest(now, shareable.longestDays);
  const [form, setForm] = useState<Form>(() => begin(shareable, again, now));
  const [asked, setAsked] = useState(false);
  const invite = useInvite(onSent);
  const change = (patch: Partial<Form>) => setForm((before) => ({ ...before, ...patch }));
  const until = endOf(form.until);
  const wrongDay = until === undefined || until <= now || until > now + shareable.longestDays * 86_400_000;
  const missing = (key: (typeof LINES)[number]) => (asked && form[key].trim() === "" ? t.missing : undefined);
  const send = () => {
    setAsked(true);
    const whole = LINES.every((key) => form[key].trim() !== "") && form.tools.length > 0;
    if (!whole || wrongDay) return;
    invite.mutate({ ...form, until });
  };

  return (
    <div className="bs-cardstack">
      <form className="bs-card bs-stack" noValidate aria-labelledby="invite" onSubmit={(event) => event.preventDefault()}>
        <h2 id="invite" ref={heading} tabIndex={-1}>
          {t.formTitle}
        </h2>
        {shareable.tools.length === 0 ? (
          <Notice title={t.noTools}>
            <p>{t.noToolsText}</p>
          </Notice>
        ) : null}
        <TextField label={t.email} hint={t.emailHint} type="email" inputMode="email" value={form.email} error={missing("email")} required onChange={(email) => change({ email })} />
        <div className="bs-pair">
          <TextField label={t.givenName} value={form.givenName} maxLength={60} error={missing("givenName")} required onChange={(givenName) => change({ givenName })} />
          <TextField label={t.usualName} value={form.usualName} maxLength={60} error={missing("usualName")} required onChange={(usualName) => change({ usualName })} />
        </div>
        <TextField
          label={t.organisation}
          hint={t.organisationHint}
          value={form.organisation}
          maxLength={80}
          error={missing("organisation")}
          required
          onChange={(organisation) => change({ organisation })}
        />
        <TextField label={t.purpose} hint={t.purposeHint} value={form.purpose} maxLength={200} error={missing("purpose")} required onChange={(purpose) => change({ purpose })} />
        <TickGroup
          legend={t.tools}
          hint={t.toolsHint}
          error={asked && form.tools.length === 0 ? t.chooseTool : undefined}
          choices={shareable.tools.map(({ id, name }) => ({ value: id, label: name }))}
          values={form.tools}
          onChange={(tools) => change({ tools })}
        />
        <TextField
          label={t.until}
          hint={t.untilHint(dayOf(last, locale))}
          type="date"
          min={fieldOf(now)}
          max={fieldOf(last)}
          value={form.until}
          error={asked && wrongDay ? t.wrongDay : undefined}
          required
          onChange={(day) => change({ until: day })}
        />
        <NotDone error={invite.error} />
        <div className="bs-actions bs-actions--start">
          <ActButton kind="primary" off={invite.isPending} onClick={send}>
            {t.send}
          </ActButton>
          <Button kind="tertiary" onClick={onCancel}>
            {t.cancel}
          </Button>
          <span role="status" className="bs-soft">
            {invite.isPending ? t.sending : null}
          </span>
        </div>
      </form>
    </div>
  );
}

function begin({ tools, longestDays }: Shareable, again: Invitation | undefined, now: number): Form {
  const open = new Set(tools.map(({ id }) => id));
  const [only] = tools;
  const shared = again?.tools.map(({ id }) => id).filter((id) => open.has(id)) ?? [];
  return {
    email: again?.email ?? "",
    givenName: again?.givenName ?? "",
    usualName: again?.usualName ?? "",
    organisation: again?.organisation ?? "",
    purpose: again?.purpose ?? "",
    tools: shared.length === 0 && tools.length === 1 && only !== undefined ? [only.id] : shared,
    until: fieldOf(usual(now, longestDays)),
  };
}
