import { useState } from "react";

import { plural, useTexts } from "../../../i18n/dictionary.ts";
import { useLocale } from "../../../i18n/locale.ts";
import { Notice, type Option } from "../../../ui/forms.ts";
import { Icon } from "../../../ui/index.ts";
import { useAct, useSend } from "../api/hooks.ts";
import type { Audience, Description } from "../api/shapes.ts";
import { number } from "../common/format.ts";
import { PersonField } from "../common/PersonField.tsx";
import { texts } from "./texts.ts";

interface AudienceSummaryProps {
  title: string;
  /** Whether other administrations have a say: for tools, not for announcements. */
  agreement?: boolean;
  /** They were asked already. */
  asked?: boolean;
  audience: Audience;
  description: Description | undefined;
  fresh: boolean;
  failed: boolean;
}

/** What an audience means: in words, in agents, whose agreement it waits for, and for one person. */
export function AudienceSummary({ title, agreement = true, asked = false, audience, description, fresh, failed }: AudienceSummaryProps) {
  const t = useTexts(texts);
  return (
    <section className="bs-card">
      <h2>{title}</h2>
      <div aria-live="polite" aria-busy={!fresh && !failed}>
        {failed ? <p className="bs-soft">{t.countFailed}</p> : null}
        {description === undefined && !failed ? <p className="bs-soft">{t.counting}</p> : null}
        {description === undefined || failed ? null : <Meaning description={description} agreement={agreement} asked={asked} />}
      </div>
      <TryPerson key={JSON.stringify(audience)} audience={audience} />
    </section>
  );
}

function Meaning({ description, agreement, asked }: { description: Description; agreement: boolean; asked: boolean }) {
  const t = useTexts(texts);
  const locale = useLocale();
  const { sentence, count, here, warnings } = description;
  const elsewhere = agreement ? description.elsewhere : [];
  const reached = agreement ? here : count;
  return (
    <>
      <p className="bs-sentence">{sentence}</p>
      <p className="bs-big">
        <b>{number(reached, locale)}</b> {plural(locale, reached, t.agentNow, t.agentsNow)}
        {elsewhere.map(({ organisation, count: later }) => (
          <span className="bs-soft" key={organisation.id}>
            <br />
            {t.later(number(later, locale), organisation.label)}
          </span>
        ))}
      </p>
      {warnings.map((warning) => (
        <Notice key={warning}>
          <p>{warning === "nobody" ? t.nobody : t.everybody}</p>
        </Notice>
      ))}
      {elsewhere.length === 0 ? null : (
        <Notice icon="time-line" title={t.agree}>
          {elsewhere.map(({ organisation, administrators }) => (
            <p key={organisation.id}>
              {administrators.length === 0
                ? t.agreeNobody(organisation.label)
                : t.agreeWho(administrators.join(t.or), organisation.label)}
            </p>
          ))}
          {asked ? null : <p>{t.agreeWhen}</p>}
        </Notice>
      )}
    </>
  );
}

/** Whether one person is in the audience, and why. */
function TryPerson({ audience }: { audience: Audience }) {
  const t = useTexts(texts);
  const send = useSend();
  const [person, setPerson] = useState<Option>();
  const trial = useAct(async (agent: string) => {
    const order = { method: "POST", path: "/api/v1/admin/audience/try", body: { audience, agent } } as const;
    return (await send<{ included: boolean; sentence: string }>(order)).data;
  });
  const choose = (option: Option | undefined) => {
    setPerson(option);
    if (option === undefined) trial.reset();
    else trial.mutate(option.id);
  };
  const { data } = trial;
  return (
    <>
      <PersonField label={t.try} value={person} onChange={choose} />
      <p className="bs-under" role="status">
        {trial.error === null ? null : t.tryFailed}
        {data === undefined ? null : (
          <>
            <span className={data.included ? "t-ok" : "t-warn"}>
              <Icon name={data.included ? "checkbox-circle-fill" : "close-line"} />
            </span>
            {data.included ? t.included : t.notIncluded} {data.sentence}
          </>
        )}
      </p>
    </>
  );
}
