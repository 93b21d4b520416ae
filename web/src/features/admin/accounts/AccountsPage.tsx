import { useState } from "react";
import { Link } from "react-router";

import { useTexts } from "../../../i18n/dictionary.ts";
import { useLocale } from "../../../i18n/locale.ts";
import { type Column, DataTable, Pager, SelectField } from "../../../ui/forms.ts";
import { Button, Placeholder, SearchField } from "../../../ui/index.ts";
import { query } from "../api/call.ts";
import { useParts } from "../api/hooks.ts";
import { AdminPage, BASE } from "../common/AdminPage.tsx";
import { number } from "../common/format.ts";
import { useScope } from "../common/scope.ts";
import { Failed, LoadingRows } from "../common/States.tsx";
import { useDebounced } from "../common/useDebounced.ts";
import { texts as common } from "../texts.ts";
import { type Account, ACCOUNTS, ROOT } from "./api.ts";
import { FactorOfAccount, StateOfAccount } from "./StateOfAccount.tsx";
import { texts } from "./texts.ts";

const TYPING_MS = 250;
const EVERY = "every";

/** `/administration/comptes`: the people who sign in here with a password. */
export function AccountsPage() {
  const t = useTexts(texts);
  const c = useTexts(common);
  const locale = useLocale();
  const { current, operator } = useScope();
  const [every, setEvery] = useState(false);
  const [text, setText] = useState("");
  const q = useDebounced(text.trim(), TYPING_MS);
  const list = useParts<Account>(ACCOUNTS, `${ROOT}${query(every ? { q } : { q, organisation: current.id })}`);
  const { items } = list;
  const empty = items?.length === 0;
  const invite = (
    <Link className="fr-btn" to={`${BASE}/comptes/nouveau`}>
      {t.invite}
    </Link>
  );
  const shown = items === undefined ? "" : t.shown(number(items.length, locale));
  return (
    <AdminPage title={t.title} intro={every ? t.introAll : t.intro(current.label)} actions={items === undefined || (empty && q === "") ? undefined : invite}>
      <div className="bs-filterbar">
        {operator ? (
          // An account whose SIRET is unknown here is of no administration that could be chosen.
          <SelectField
            quiet
            label={t.which}
            value={every ? EVERY : ""}
            options={[
              { value: "", label: t.ofCurrent(current.label) },
              { value: EVERY, label: t.ofAll },
            ]}
            onChange={(value) => setEvery(value === EVERY)}
          />
        ) : null}
        <SearchField label={t.search} value={text} onChange={setText} result={shown} />
      </div>
      {items === undefined && list.error === null ? <LoadingRows /> : null}
      {items === undefined && list.error !== null ? <Failed error={list.error} onRetry={list.retry} /> : null}
      {empty && q === "" ? (
        <Placeholder icon="user-line" title={t.emptyTitle}>
          <p>{t.emptyText}</p>
          <div className="bs-actions">{invite}</div>
        </Placeholder>
      ) : null}
      {empty && q !== "" ? (
        <Placeholder icon="search-line" title={t.noMatch}>
          <div className="bs-actions">
            <Button onClick={() => setText("")}>{t.clear}</Button>
          </div>
        </Placeholder>
      ) : null}
      {items === undefined || empty ? null : (
        <div className="bs-card bs-tablecard">
          <DataTable caption={t.caption} columns={columns(t)} rows={items} keyOf={({ id }) => id} />
          {list.more === undefined ? null : <Pager summary={shown} moreLabel={c.more} more={list.more} busy={list.busy} />}
        </div>
      )}
    </AdminPage>
  );
}

function columns(t: (typeof texts)["fr"]): Column<Account>[] {
  return [
    {
      key: "person",
      title: t.person,
      head: true,
      cell: ({ id, displayName, email }) => (
        <>
          <Link to={`${BASE}/comptes/${id}`}>{displayName}</Link>
          <small>{email}</small>
        </>
      ),
    },
    {
      key: "organisation",
      title: t.organisation,
      cell: ({ organisation, unit }) => (
        <>
          {unit ?? organisation?.label ?? t.unknownOrganisation}
          {unit && organisation ? <small>{organisation.label}</small> : null}
        </>
      ),
    },
    { key: "state", title: t.state, cell: (account) => <StateOfAccount account={account} /> },
    { key: "factor", title: t.factor, cell: (account) => <FactorOfAccount account={account} /> },
  ];
}
