import { Link } from "react-router";

import { useTexts } from "../../../i18n/dictionary.ts";
import { type Locale, useLocale } from "../../../i18n/locale.ts";
import { type Column, DataTable, Pager } from "../../../ui/forms.ts";
import { Placeholder } from "../../../ui/index.ts";
import { query } from "../api/call.ts";
import { useParts } from "../api/hooks.ts";
import type { Announcement } from "../api/shapes.ts";
import { AdminPage, BASE } from "../common/AdminPage.tsx";
import { day, number, said } from "../common/format.ts";
import { useScope } from "../common/scope.ts";
import { Failed, LoadingRows } from "../common/States.tsx";
import { texts as common } from "../texts.ts";
import { ANNOUNCEMENTS, ROOT } from "./api.ts";
import { StateOfAnnouncement } from "./StateOfAnnouncement.tsx";
import { texts } from "./texts.ts";

/** `/administration/annonces`: what an administration says to its agents. */
export function AnnouncementsPage() {
  const t = useTexts(texts);
  const c = useTexts(common);
  const locale = useLocale();
  const { current } = useScope();
  const list = useParts<Announcement>(ANNOUNCEMENTS, `${ROOT}${query({ organisation: current.id })}`);
  const { items } = list;
  const create = (
    <Link className="fr-btn" to={`${BASE}/annonces/nouvelle`}>
      {t.create}
    </Link>
  );
  const empty = items?.length === 0;
  return (
    <AdminPage title={t.title} intro={t.intro(current.label)} actions={items === undefined || empty ? undefined : create}>
      {items === undefined && list.error === null ? <LoadingRows /> : null}
      {items === undefined && list.error !== null ? <Failed error={list.error} onRetry={list.retry} /> : null}
      {empty ? (
        <Placeholder icon="megaphone-line" title={t.emptyTitle}>
          <p>{t.emptyText}</p>
          <div className="bs-actions">{create}</div>
        </Placeholder>
      ) : null}
      {items === undefined || empty ? null : (
        <div className="bs-card bs-tablecard">
          <DataTable caption={t.caption} columns={columns(t, locale)} rows={items} keyOf={({ id }) => id} />
          <Pager summary={t.count(number(items.length, locale))} moreLabel={c.more} more={list.more} busy={list.busy} />
        </div>
      )}
    </AdminPage>
  );
}

function columns(t: (typeof texts)["fr"], locale: Locale): Column<Announcement>[] {
  return [
    {
      key: "title",
      title: t.announcement,
      head: true,
      cell: ({ id, title, severity }) => (
        <>
          <Link className="bs-link" to={`${BASE}/annonces/${id}`}>
            {said(title, locale)}
          </Link>
          <small>{t[severity]}</small>
        </>
      ),
    },
    { key: "state", title: t.state, cell: (announcement) => <StateOfAnnouncement announcement={announcement} /> },
    { key: "dates", title: t.dates, cell: (announcement) => datesOf(announcement, t, locale) },
    {
      key: "readers",
      title: t.readers,
      quiet: true,
      cell: ({ id, state, title, mustConfirm }) =>
        state === "draft" || !mustConfirm ? null : (
          <Link className="bs-link" to={`${BASE}/annonces/${id}/lecteurs`} aria-label={t.readersOf(said(title, locale))}>
            {t.seeReaders}
          </Link>
        ),
    },
  ];
}

function datesOf({ from, until, publishedAt }: Announcement, t: (typeof texts)["fr"], locale: Locale): string {
  const start = from ?? publishedAt;
  if (start && until) return t.fromTo(day(start, locale), day(until, locale));
  if (start) return start > Date.now() ? t.starting(day(start, locale)) : t.since(day(start, locale));
  return until ? t.toDay(day(until, locale)) : "";
}
