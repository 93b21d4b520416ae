import { useState } from "react";
import { Link } from "react-router";

import "../../../ui/styles/lists.css";

import { browserZone, fullMoment, shortMoment } from "../../../i18n/dates.ts";
import { useTexts } from "../../../i18n/dictionary.ts";
import { useLocale } from "../../../i18n/locale.ts";
import { useDocumentTitle, usePresent } from "../../../lib/hooks.ts";
import { tell, tellFailure } from "../../../lib/notes.ts";
import { ActionLink, Badge, Button, Icon, ListShape, Placeholder } from "../../../ui/index.ts";
import { type Notice, useInbox, useMarkAllRead, useMarkNotice } from "../api/inbox.ts";
import { texts } from "../texts.ts";

/** `/notifications`: what tools told the reader, the latest first. */
export default function InboxPage() {
  const t = useTexts(texts);
  useDocumentTitle(t.title);
  const [unreadOnly, setUnreadOnly] = useState(false);
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInbox(unreadOnly);
  const { mutate: readAll } = useMarkAllRead({
    done: (count, undo) => tell(t.readAllDone(count), undo),
    failed: () => tellFailure(t.failed),
  });
  const items = data?.pages.flatMap((part) => part.items) ?? [];
  const unread = data?.pages[0]?.unread ?? 0;

  return (
    <>
      <div className="bs-title bs-title--row">
        <div>
          <h1 tabIndex={-1}>{t.title}</h1>
          <p>{t.intro}</p>
        </div>
        <Link className="bs-link" to="/reglages">
          {t.quiet}
        </Link>
      </div>
      <div className="bs-toolbar">
        <div className="bs-pills" role="group" aria-label={t.filter}>
          <button type="button" aria-pressed={!unreadOnly} onClick={() => setUnreadOnly(false)}>
            {t.all}
          </button>
          <button type="button" aria-pressed={unreadOnly} onClick={() => setUnreadOnly(true)}>
            {t.unread} {unread > 0 ? unread : null}
          </button>
        </div>
        {unread > 0 ? (
          <Button small kind="tertiary" onClick={() => readAll()}>
            {t.readAll}
          </Button>
        ) : null}
      </div>
      {data === undefined && error === null ? <ListShape label={t.loading} /> : null}
      {data === undefined && error !== null ? (
        <Placeholder icon="cloud-off-line" tone="error" title={t.errorTitle}>
          <p>{t.errorText}</p>
          <div className="bs-actions">
            <Button kind="primary" onClick={() => void refetch()}>
              {t.retry}
            </Button>
          </div>
        </Placeholder>
      ) : null}
      {data !== undefined && items.length === 0 ? (
        <Placeholder icon="notification-3-line" title={unreadOnly ? t.emptyUnread : t.empty}>
          <p>{unreadOnly ? t.emptyUnreadText : t.emptyText}</p>
        </Placeholder>
      ) : null}
      {items.length === 0 ? null : (
        <ul className="bs-list bs-card bs-inbox">
          {items.map((notice) => (
            <OneNotice key={notice.id} notice={notice} />
          ))}
        </ul>
      )}
      {hasNextPage ? (
        <div className="bs-more">
          <Button disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {t.older}
          </Button>
        </div>
      ) : null}
    </>
  );
}

function OneNotice({ notice }: { notice: Notice }) {
  const t = useTexts(texts);
  const locale = useLocale();
  const { mutate: mark } = useMarkNotice(() => tellFailure(t.failed));
  const now = usePresent();
  const zone = browserZone();
  const read = Boolean(notice.readAt);
  // Following the link is reading.
  const followed = () => {
    if (!read) mark({ id: notice.id, read: true });
  };
  return (
    <li className={read ? undefined : "bs-inbox__unread"}>
      <div className="bs-inbox__text">
        <p className="bs-small">
          {read ? null : <span className="bs-sr">{t.isUnread}, </span>}
          {notice.sourceName} ·{" "}
          <time dateTime={new Date(notice.at).toISOString()} title={fullMoment(notice.at, zone, locale)}>
            {shortMoment(notice.at, now, zone, locale)}
          </time>
          {notice.urgency === "urgent" ? (
            <>
              {" "}
              <Badge tone="warn">{t.urgent}</Badge>
            </>
          ) : null}
        </p>
        <p>
          {notice.link && !notice.action ? (
            <ActionLink to={notice.link} onClick={followed}>
              <b>{notice.title}</b>
            </ActionLink>
          ) : (
            <b>{notice.title}</b>
          )}
        </p>
        {notice.detail ? <p>{notice.detail}</p> : null}
        {notice.until ? <p className="bs-small">{t.before(fullMoment(notice.until, zone, locale))}</p> : null}
      </div>
      {notice.link && notice.action ? (
        <ActionLink to={notice.link} className="fr-btn fr-btn--secondary fr-btn--sm" onClick={followed}>
          {notice.action}
          <span className="bs-sr">, {notice.title}</span>
        </ActionLink>
      ) : null}
      <button
        type="button"
        className="bs-icon-btn"
        aria-label={read ? t.markUnread(notice.title) : t.markRead(notice.title)}
        onClick={() => mark({ id: notice.id, read: !read })}
      >
        <Icon name={read ? "mail-line" : "mail-open-line"} />
      </button>
    </li>
  );
}
