import { useState } from "react";
import { Link } from "react-router";

import { plural, useTexts } from "../../../i18n/dictionary.ts";
import { type Locale, useLocale } from "../../../i18n/locale.ts";
import { matches } from "../../../lib/fold.ts";
import { type Column, DataTable, Pager } from "../../../ui/forms.ts";
import { Badge, Button, Placeholder, SearchField } from "../../../ui/index.ts";
import { query } from "../api/call.ts";
import { useParts } from "../api/hooks.ts";
import type { ToolLine } from "../api/shapes.ts";
import { AdminPage, BASE } from "../common/AdminPage.tsx";
import { day, number, said } from "../common/format.ts";
import { useScope } from "../common/scope.ts";
import { Failed, LoadingRows } from "../common/States.tsx";
import { texts as common } from "../texts.ts";
import { TOOLS, useCategories } from "./api.ts";
import { StateOfTool } from "./StateOfTool.tsx";
import { texts } from "./texts.ts";

/** `/administration/outils`: the tools of an administration. */
export function ToolsPage() {
  const t = useTexts(texts);
  const { current } = useScope();
  const list = useParts<ToolLine>(TOOLS, `/api/v1/admin/tools${query({ organisation: current.id })}`);
  const { items } = list;
  const create = (
    <Link className="fr-btn" to={`${BASE}/outils/nouveau`}>
      {t.create}
    </Link>
  );
  const empty = items?.length === 0;
  return (
    <AdminPage title={t.title} intro={t.intro(current.label)} actions={items === undefined || empty ? undefined : create}>
      {items === undefined && list.error === null ? <LoadingRows /> : null}
      {items === undefined && list.error !== null ? <Failed error={list.error} onRetry={list.retry} /> : null}
      {empty ? (
        <Placeholder icon="layout-grid-line" title={t.emptyTitle}>
          <p>{t.emptyText}</p>
          <div className="bs-actions">{create}</div>
        </Placeholder>
      ) : null}
      {items === undefined || empty ? null : <Tools items={items} more={list.more} busy={list.busy} />}
    </AdminPage>
  );
}

function Tools({ items, more, busy }: { items: readonly ToolLine[]; more: (() => void) | undefined; busy: boolean }) {
  const t = useTexts(texts);
  const c = useTexts(common);
  const locale = useLocale();
  const categories = useCategories().data?.data.items ?? [];
  const titles = new Map(categories.map(({ id, title }) => [id, title]));
  const [text, setText] = useState("");
  const found = items.filter(({ name }) => matches(text, `${name.fr} ${name.en ?? ""}`));
  return (
    <>
      <SearchField label={t.filter} value={text} onChange={setText} result={t.shown(number(found.length, locale))} />
      {found.length === 0 ? (
        <Placeholder icon="search-line" title={t.noMatch}>
          <div className="bs-actions">
            <Button onClick={() => setText("")}>{t.clearFilter}</Button>
          </div>
        </Placeholder>
      ) : (
        <div className="bs-card bs-tablecard">
          <DataTable caption={t.caption} columns={columns(t, locale, titles)} rows={found} keyOf={({ id }) => id} />
          {more === undefined ? null : (
            <Pager summary={t.shown(number(found.length, locale))} moreLabel={c.more} more={more} busy={busy} />
          )}
        </div>
      )}
    </>
  );
}

function columns(t: (typeof texts)["fr"], locale: Locale, titles: ReadonlyMap<string, string>): Column<ToolLine>[] {
  return [
    {
      key: "tool",
      title: t.tool,
      head: true,
      cell: ({ id, name, category, origin }) => (
        <>
          <Link className="bs-link" to={`${BASE}/outils/${id}`}>
            {said(name, locale)}
          </Link>
          <small>
            {titles.get(category)}
            {origin === "configured" ? ` ${t.configured}` : null}
          </small>
        </>
      ),
    },
    { key: "state", title: t.state, cell: ({ state }) => <StateOfTool state={state} /> },
    {
      key: "audience",
      title: t.audience,
      cell: ({ audienceCount, pendingApprovals }) => (
        <>
          {typeof audienceCount === "number" ? <span className="bs-num">{t.agents(number(audienceCount, locale))} </span> : null}
          {pendingApprovals > 0 ? (
            <Badge tone="warn" icon="time-line">
              {plural(locale, pendingApprovals, t.awaitsOne, t.awaits(number(pendingApprovals, locale)))}
            </Badge>
          ) : null}
        </>
      ),
    },
    { key: "updated", title: t.updated, cell: ({ updatedAt }) => <time>{day(updatedAt, locale)}</time> },
  ];
}
