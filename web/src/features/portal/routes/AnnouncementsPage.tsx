import { useEffect, useRef } from "react";
import { useLocation } from "react-router";

import "../../../ui/styles/lists.css";

import { browserZone, fullMoment, shortMoment } from "../../../i18n/dates.ts";
import { useTexts } from "../../../i18n/dictionary.ts";
import { useLocale } from "../../../i18n/locale.ts";
import { useDocumentTitle, usePresent } from "../../../lib/hooks.ts";
import { ActionLink, Button, ListShape, Placeholder } from "../../../ui/index.ts";
import { useAnnouncements } from "../api/all-announcements.ts";
import type { Announcement } from "../api/announcements.ts";
import { useHome } from "../api/home.ts";
import { Failed } from "../components/HomeStates.tsx";
import { ReadConfirmation, SeverityBadge } from "../components/NewsCard.tsx";
import { texts } from "../texts.ts";

/** `/annonces`: everything that administrations say to the reader, the latest first. */
export default function AnnouncementsPage() {
  const t = useTexts(texts);
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useAnnouncements();
  useDocumentTitle(t.announcements);
  const items = data?.pages.flatMap((page) => page.items) ?? [];
  useShownByHash(items.length);
  return (
    <>
      <div className="bs-title">
        <h1 tabIndex={-1}>{t.announcements}</h1>
        <p>{t.announcementsIntro}</p>
      </div>
      {data === undefined && error === null ? <ListShape label={t.loadingNews} /> : null}
      {data === undefined && error !== null ? (
        <Failed title={t.newsFailed} error={error} onRetry={() => void refetch()} />
      ) : null}
      {data !== undefined && items.length === 0 ? (
        <Placeholder icon="megaphone-line" title={t.noAnnouncement}>
          <p>{t.noAnnouncementText}</p>
        </Placeholder>
      ) : null}
      {items.length === 0 ? null : (
        <ul className="bs-list bs-letters">
          {items.map((one) => (
            <li key={one.id}>
              <Letter announcement={one} />
            </li>
          ))}
        </ul>
      )}
      {hasNextPage ? (
        <div className="bs-more">
          <Button disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {t.olderNews}
          </Button>
        </div>
      ) : null}
    </>
  );
}

function Letter({ announcement }: { announcement: Announcement }) {
  const t = useTexts(texts);
  const locale = useLocale();
  const now = usePresent();
  const zone = useHome().data?.zone ?? browserZone();
  const { id, title, body, organisation, publishedAt, until, link } = announcement;
  return (
    <article className="bs-card bs-letter" id={id} tabIndex={-1} aria-labelledby={`news-${id}`}>
      <SeverityBadge announcement={announcement} />
      <h2 id={`news-${id}`}>{title}</h2>
      <p className="bs-small">
        {organisation.label} ·{" "}
        <time dateTime={new Date(publishedAt).toISOString()} title={fullMoment(publishedAt, zone, locale)}>
          {shortMoment(publishedAt, now, zone, locale)}
        </time>
        {until ? ` · ${t.validUntil(fullMoment(until, zone, locale))}` : null}
      </p>
      {body.split(/\n{2,}/).map((paragraph) => (
        <p className="bs-letter__text" key={paragraph}>
          {paragraph}
        </p>
      ))}
      <div className="bs-letter__end">
        {link ? (
          <ActionLink to={link} className="bs-link">
            {t.learnMore}
            <span className="bs-sr">, {title}</span>
          </ActionLink>
        ) : null}
        <ReadConfirmation announcement={announcement} />
      </div>
    </article>
  );
}

/** A link to one announcement (`/annonces#id`) brings it under the eyes, and the focus to it. */
function useShownByHash(count: number): void {
  const { hash } = useLocation();
  const shown = useRef("");
  useEffect(() => {
    if (hash === "" || shown.current === hash || count === 0) return;
    const letter = document.getElementById(hash.slice(1));
    if (letter === null) return;
    shown.current = hash;
    letter.scrollIntoView?.({ block: "start" });
    letter.focus({ preventScroll: true });
  }, [hash, count]);
}
