import { Link, useSearchParams } from "react-router";

import { plural, useTexts } from "../../../i18n/dictionary.ts";
import { type Locale, useLocale } from "../../../i18n/locale.ts";
import { type Column, DataTable, Pager } from "../../../ui/forms.ts";
import { Badge, Button, Icon, Placeholder } from "../../../ui/index.ts";
import { AdminPage } from "../common/AdminPage.tsx";
import { clock, day, number } from "../common/format.ts";
import { useScope } from "../common/scope.ts";
import { Failed, LoadingRows } from "../common/States.tsx";
import { texts as common } from "../texts.ts";
import { type Entry, exportOf, type Facts, type Names, useJournal } from "./api.ts";
import { EntryPanel } from "./EntryPanel.tsx";
import { isFiltered, JournalFilters, useFilter } from "./JournalFilters.tsx";
import { Result } from "./Result.tsx";
import { about, tell, wordsOf } from "./sentences.ts";
import { texts } from "./texts.ts";

/** `/administration/journal`: what was done, by whom, and the proof of it. The filters and the open entry stand in the address. */
export function JournalPage() {
  const t = useTexts(texts);
  const c = useTexts(common);
  const locale = useLocale();
  const { current } = useScope();
  const { filter, change, clear } = useFilter();
  const [params] = useSearchParams();
  const place = params.get("entree") ?? undefined;
  const list = useJournal(filter);
  const { items, first, names } = list;
  const close = () => {
    const opener = document.querySelector<HTMLElement>("tr[aria-current] a") ?? document.querySelector<HTMLElement>("h1");
    change({ entree: "" });
    opener?.focus();
  };
  const count = items === undefined ? "" : number(items.length, locale);
  const shown = items === undefined ? "" : plural(locale, items.length, t.shownOne(count), t.shown(count));
  const empty = items?.length === 0;
  const filtered = isFiltered(filter);
  return (
    <AdminPage
      title={t.title}
      mark={first === undefined ? undefined : <Seal facts={first.facts} />}
      intro={filter.organisation === undefined ? t.introAll : t.intro(current.label)}
      actions={
        <a className="fr-btn fr-btn--secondary fr-btn--sm" href={exportOf(filter)} download>
          <Icon name="download-line" />
          {t.export}
        </a>
      }
    >
      <JournalFilters filter={filter} names={names} onChange={change} onClear={clear} />
      {items === undefined && list.error === null ? <LoadingRows /> : null}
      {items === undefined && list.error !== null ? <Failed error={list.error} onRetry={list.retry} /> : null}
      {empty && !filtered ? (
        <Placeholder icon="file-text-line" title={t.emptyTitle}>
          <p>{t.emptyText}</p>
        </Placeholder>
      ) : null}
      {empty && filtered ? (
        <Placeholder icon="search-line" title={t.noMatch}>
          <div className="bs-actions">
            <Button onClick={clear}>{t.clear}</Button>
          </div>
        </Placeholder>
      ) : null}
      {items === undefined || (empty && place === undefined) ? null : (
        <div className={place === undefined ? undefined : "bs-detail"}>
          {empty ? null : (
            <div className="bs-card bs-tablecard">
              <DataTable
                caption={t.caption}
                columns={columns(t, names, locale, params)}
                rows={items}
                keyOf={placeOf}
                current={(entry) => placeOf(entry) === place}
              />
              <Pager summary={shown} moreLabel={c.more} more={list.more} busy={list.busy} />
            </div>
          )}
          {place === undefined ? null : <EntryPanel key={place} place={place} onChange={change} onClose={close} />}
        </div>
      )}
      {first === undefined ? null : <Kept facts={first.facts} />}
    </AdminPage>
  );
}

const placeOf = ({ chain, seq }: Entry) => `${chain}/${seq}`;

/** Up to when, and how far, the signed checkpoint covers what is read. */
function Seal({ facts }: { facts: Facts }) {
  const t = useTexts(texts);
  const locale = useLocale();
  if (facts.checkpointAt === undefined) return facts.entries === 0 ? null : <Badge tone="info" icon="time-line">{t.unsealed}</Badge>;
  const count = number(facts.covered, locale);
  return (
    <Badge tone="ok" icon="shield-line">
      {t.covered(clock(facts.checkpointAt, locale), plural(locale, facts.covered, t.entry(count), t.entries(count)))}
    </Badge>
  );
}

/** How long acts are kept, and from when on they are there. */
function Kept({ facts }: { facts: Facts }) {
  const t = useTexts(texts);
  const locale = useLocale();
  if (facts.keptMonths === undefined) return null;
  return (
    <p className="bs-under">
      {t.kept(facts.keptMonths)} {facts.goneBefore === undefined ? null : t.gone(day(facts.goneBefore, locale))}
    </p>
  );
}

function columns(t: (typeof texts)["fr"], names: Names, locale: Locale, params: URLSearchParams): Column<Entry>[] {
  const at = (place: string) => {
    const next = new URLSearchParams(params);
    next.set("entree", place);
    return `?${next.toString()}`;
  };
  return [
    {
      key: "when",
      title: t.when,
      cell: (entry) => (
        <time dateTime={new Date(entry.at).toISOString()}>
          {clock(entry.at, locale)}
          <small>{day(entry.at, locale)}</small>
        </time>
      ),
    },
    {
      key: "act",
      title: t.what,
      head: true,
      cell: (entry) => (
        <>
          <Link className="bs-link" to={at(placeOf(entry))} preventScrollReset>
            {wordsOf(entry.act, locale)?.label ?? entry.act}
          </Link>
          <small>{tell(entry, names, locale)}</small>
        </>
      ),
    },
    {
      key: "who",
      title: t.whom,
      cell: ({ actor, outcome }) => {
        const name = actor === undefined ? undefined : names[`agent:${actor}`];
        if (actor !== undefined && name === undefined) return t.erasedAgent;
        if (name === undefined) return outcome === "done" ? t.platform : t.unknown;
        return (
          <>
            <b>{name.name}</b>
            {name.of === undefined ? null : <small>{name.of}</small>}
          </>
        );
      },
    },
    { key: "subject", title: t.subject, cell: (entry) => about(entry, names) ?? "" },
    { key: "result", title: t.result, cell: ({ outcome }) => <Result outcome={outcome} /> },
  ];
}
