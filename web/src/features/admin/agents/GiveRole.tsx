import { useState } from "react";

import { useTexts } from "../../../i18n/dictionary.ts";
import { ActButton, type Option, PresetGroup, TextField } from "../../../ui/forms.ts";
import { Switch } from "../../../ui/index.ts";
import { useAct } from "../api/hooks.ts";
import type { Role } from "../api/shapes.ts";
import { endOfDay } from "../common/format.ts";
import { PersonField } from "../common/PersonField.tsx";
import { useScope } from "../common/scope.ts";
import { ActFailed } from "../common/States.tsx";
import { texts } from "./texts.ts";

interface GrantBody {
  agent: string;
  role: Role;
  organisation: string;
  subtree: boolean;
  until?: number;
}

/** Gives a role for the current administration to one person. */
export function GiveRole({ give }: { give: (body: GrantBody) => Promise<unknown> }) {
  const t = useTexts(texts);
  const { current } = useScope();
  const [person, setPerson] = useState<Option>();
  const [role, setRole] = useState<Role>("announcer");
  const [subtree, setSubtree] = useState(false);
  const [until, setUntil] = useState("");
  const [asked, setAsked] = useState(false);
  const act = useAct(async (agent: string) => {
    const end = endOfDay(until);
    await give({ agent, role, organisation: current.id, subtree, ...(end === undefined ? {} : { until: end }) });
    setPerson(undefined);
    setUntil("");
    setAsked(false);
  });
  const run = () => {
    setAsked(true);
    if (person !== undefined) act.mutate(person.id);
  };
  return (
    <div className="bs-cardstack bs-give">
      <form className="bs-card bs-stack" noValidate aria-labelledby="give" onSubmit={(event) => event.preventDefault()}>
        <h2 id="give">{t.give}</h2>
        <div className="bs-pair">
          <PersonField
            label={t.person}
            value={person}
            error={asked && person === undefined && !act.isSuccess ? t.personMissing : undefined}
            onChange={setPerson}
          />
          <TextField label={t.until} hint={t.untilHint} type="date" value={until} onChange={setUntil} />
        </div>
        <PresetGroup<Role>
          label={t.role}
          value={role}
          choices={[
            { value: "announcer", label: t.announcer, detail: t.announcerDetail },
            { value: "administrator", label: t.administrator, detail: t.administratorDetail },
          ]}
          onChange={setRole}
        />
        <Switch label={t.subtree} checked={subtree} onChange={setSubtree} />
        <ActFailed error={act.error} />
        <div className="bs-actions bs-actions--start">
          <ActButton kind="primary" small off={act.isPending} onClick={run}>
            {t.giveRole}
          </ActButton>
          <span role="status" className="bs-soft">
            {act.isSuccess && person === undefined ? t.given : null}
          </span>
        </div>
      </form>
    </div>
  );
}
