import type { ReactNode } from "react";
import { Link, useParams } from "react-router";

import { useTexts } from "../../../i18n/dictionary.ts";
import { useLocale } from "../../../i18n/locale.ts";
import { Badge } from "../../../ui/index.ts";
import { useResource } from "../api/hooks.ts";
import type { AgentInFull } from "../api/shapes.ts";
import { AdminPage, BASE } from "../common/AdminPage.tsx";
import { dayAndTime, number } from "../common/format.ts";
import { Failed, LoadingRows } from "../common/States.tsx";
import { AccountActs } from "./AccountActs.tsx";
import { AgentTokens } from "./AgentTokens.tsx";
import { MergeAccount } from "./MergeAccount.tsx";
import { TONES } from "./states.ts";
import { texts as list } from "./texts.ts";
import { texts } from "./life.ts";

/** `/administration/agents/:id`: one agent, where their account stands, and what may be done to it. */
export function AgentPage() {
  const { id = "" } = useParams();
  const l = useTexts(list);
  const { data, error, refetch } = useResource<AgentInFull>("agents", { path: `/api/v1/admin/agents/${id}` });
  const above = [{ label: l.title, to: `${BASE}/agents` }];
  if (data !== undefined) return <Sheet agent={data.data} above={above} />;
  return (
    <AdminPage title={l.agent} above={above}>
      {error === null ? <LoadingRows /> : <Failed error={error} onRetry={() => void refetch()} />}
    </AdminPage>
  );
}

function Sheet({ agent, above }: { agent: AgentInFull; above: { label: string; to: string }[] }) {
  const t = useTexts(texts);
  const l = useTexts(list);
  const locale = useLocale();
  const since = agent.stateSince ?? undefined;
  return (
    <AdminPage
      title={agent.displayName}
      above={above}
      mark={<Badge tone={TONES[agent.state]}>{l[agent.state]}</Badge>}
      intro={[agent.unit, agent.organisation.label].filter(Boolean).join(", ")}
    >
      <section className="bs-card bs-sheet" aria-labelledby="agent-account">
        <h2 id="agent-account">{t.account}</h2>
        <dl className="bs-facts">
          <Fact term={l.email}>{agent.email}</Fact>
          <Fact term={l.state}>
            {l[agent.state]}
            {since === undefined ? null : (
              <small>
                {agent.stateBy ? t.sinceBy(dayAndTime(since, locale), agent.stateBy.displayName) : t.since(dayAndTime(since, locale))}
              </small>
            )}
          </Fact>
          <Fact term={l.lastSignIn}>{agent.lastSignInAt ? dayAndTime(agent.lastSignInAt, locale) : l.never}</Fact>
          <Fact term={t.sessions}>{number(agent.sessions, locale)}</Fact>
          <Fact term={t.roles}>{number(agent.roles, locale)}</Fact>
          {agent.guests === 0 ? null : (
            <Fact term={t.guests}>
              <Link to={`${BASE}/invites?par=${agent.id}`}>{number(agent.guests, locale)}</Link>
            </Fact>
          )}
        </dl>
        <AccountActs agent={agent} />
      </section>
      <AgentTokens agent={agent} />
      {agent.may.length === 0 ? null : <MergeAccount agent={agent} />}
    </AdminPage>
  );
}

function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}
