import { useState } from "react";
import { Link } from "react-router";

import { useTexts } from "../../../i18n/dictionary.ts";
import { type Locale, useLocale } from "../../../i18n/locale.ts";
import { type Column, DataTable, Pager, SelectField } from "../../../ui/forms.ts";
import { Badge, Button, Placeholder, SearchField } from "../../../ui/index.ts";
import { query } from "../api/call.ts";
import { useParts } from "../api/hooks.ts";
import type { Agent, AgentState } from "../api/shapes.ts";
import { AdminPage, BASE } from "../common/AdminPage.tsx";
import { day, number } from "../common/format.ts";
import { useScope } from "../common/scope.ts";
import { Failed, LoadingRows } from "../common/States.tsx";
import { useDebounced } from "../common/useDebounced.ts";
import { texts as common } from "../texts.ts";
import { TONES } from "./states.ts";
import { texts } from "./texts.ts";

const STATES: readonly AgentState[] = ["active", "pre_created", "suspended", "departed"];
const TYPING_MS = 250;

/** `/administration/agents`: the agents of an administration. */
export function AgentsPage() {
  const t = useTexts(texts);
  const c = useTexts(common);
  const locale = useLocale();
  const { current } = useScope();
  const [text, setText] = useState("");
  const [state, setState] = useState("");
  const q = useDebounced(text.trim(), TYPING_MS);
  const list = useParts<Agent>("agents", `/api/v1/admin/agents${query({ q, organisation: current.id, state })}`);
  const { items } = list;
  const filtered = q !== "" || state !== "";
  const empty = items?.length === 0;
  const toImport = (
    <Link className="fr-btn" to={`${BASE}/agents/import`}>
      {t.import}
    </Link>
  );
  const roles = (
    <Link className="fr-btn fr-btn--tertiary" to={`${BASE}/agents/roles`}>
      {t.roles}
    </Link>
  );
  const clear = () => {
    setText("");
    setState("");
  };
  return (
    <AdminPage
      title={t.title}
      intro={t.intro(current.label)}
      actions={
        <>
          {roles}
          {items === undefined || (empty && !filtered) ? null : toImport}
        </>
      }
    >
      <div className="bs-filterbar">
        <SearchField label={t.search} value={text} onChange={setText} result={items === undefined ? "" : t.shown(number(items.length, locale))} />
        <SelectField
          label={t.stateFilter}
          value={state}
          options={[{ value: "", label: t.anyState }, ...STATES.map((value) => ({ value, label: t[value] }))]}
          onChange={setState}
        />
      </div>
      {items === undefined && list.error === null ? <LoadingRows /> : null}
      {items === undefined && list.error !== null ? <Failed error={list.error} onRetry={list.retry} /> : null}
      {empty && !filtered ? (
        <Placeholder icon="team-line" title={t.emptyTitle}>
          <p>{t.emptyText}</p>
          <div className="bs-actions">{toImport}</div>
        </Placeholder>
      ) : null}
      {empty && filtered ? (
        <Placeholder icon="search-line" title={t.noMatch}>
          <div className="bs-actions">
            <Button onClick={clear}>{t.clear}</Button>
          </div>
        </Placeholder>
      ) : null}
      {items === undefined || empty ? null : (
        <div className="bs-card bs-tablecard">
          <DataTable caption={t.caption} columns={columns(t, locale)} rows={items} keyOf={({ id }) => id} />
          {list.more === undefined ? null : (
            <Pager summary={t.shown(number(items.length, locale))} moreLabel={c.more} more={list.more} busy={list.busy} />
          )}
        </div>
      )}
    </AdminPage>
  );
}

function columns(t: (typeof texts)["fr"], locale: Locale): Column<Agent>[] {
  return [
    {
      key: "agent",
      title: t.agent,
      head: true,
      cell: ({ id, displayName, email }) => (
        <>
          <Link to={`${BASE}/agents/${id}`}>{displayName}</Link>
          <small>{email}</small>
        </>
      ),
    },
    {
      key: "unit",
      title: t.unit,
      cell: ({ organisation, unit }) => (
        <>
          {unit ?? organisation.label}
          {unit ? <small>{organisation.label}</small> : null}
        </>
      ),
    },
    { key: "state", title: t.state, cell: ({ state }) => <Badge tone={TONES[state]}>{t[state]}</Badge> },
    {
      key: "last",
      title: t.lastSignIn,
      cell: ({ lastSignInAt }) => (lastSignInAt ? <time>{day(lastSignInAt, locale)}</time> : t.never),
    },
  ];
}
