import { Link } from "react-router";

import { shortMoment } from "../../../i18n/dates.ts";
import { useTexts } from "../../../i18n/dictionary.ts";
import { useLocale } from "../../../i18n/locale.ts";
import { Badge, type BadgeTone, Button, type IconName } from "../../../ui/index.ts";
import { type Announcement, type Severity, useConfirmReading } from "../api/announcements.ts";
import type { Home } from "../api/home.ts";
import { texts } from "../texts.ts";

const LOOKS: Record<Severity, { tone: BadgeTone; icon: IconName }> = {
  disturbance: { tone: "warn", icon: "alert-fill" },
  important: { tone: "info", icon: "megaphone-line" },
  event: { tone: "neutral", icon: "calendar-event-line" },
  info: { tone: "neutral", icon: "information-line" },
};

/** The kind of an announcement, in a word. */
export function SeverityBadge({ announcement }: { announcement: Announcement }) {
  const t = useTexts(texts);
  const severity = announcement.severity in LOOKS ? announcement.severity : "info";
  const toRead = announcement.mustConfirm && !announcement.readAt && severity !== "disturbance";
  const { tone, icon } = LOOKS[toRead ? "important" : severity];
  const words: Record<Severity, string> = {
    disturbance: t.disturbance,
    important: t.important,
    event: t.event,
    info: t.information,
  };
  return (
    <Badge tone={tone} icon={icon}>
      {toRead ? t.toRead : words[severity]}
    </Badge>
  );
}

/** "I have read it", then since when it is read. Nothing when no one asked for it. */
export function ReadConfirmation({ announcement }: { announcement: Announcement }) {
  const t = useTexts(texts);
  const { mutate } = useConfirmReading();
  if (!announcement.mustConfirm) return null;
  if (announcement.readAt) return <p className="bs-small">{t.readDone}</p>;
  return (
    <Button small onClick={() => mutate(announcement.id)} aria-describedby={`news-${announcement.id}`}>
      {t.confirmReading}
    </Button>
  );
}

/** The latest announcements: three at most, the rest one link away. */
export function NewsCard({ home }: { home: Home }) {
  const t = useTexts(texts);
  const locale = useLocale();
  return (
    <section aria-labelledby="news">
      <div className="bs-head">
        <h2 id="news">{t.announcements}</h2>
        <Link className="bs-link" to="/annonces">
          {t.allAnnouncements}
        </Link>
      </div>
      {home.announcements.length === 0 ? (
        <p className="bs-card bs-quiet">{t.noAnnouncement}</p>
      ) : (
        <ul className="bs-list bs-card bs-news">
          {home.announcements.map((one) => (
            <li key={one.id}>
              <SeverityBadge announcement={one} />
              <Link id={`news-${one.id}`} to={`/annonces#${one.id}`}>
                {one.title}
              </Link>
              <p className="bs-small">
                {one.organisation.label} · {shortMoment(one.publishedAt, home.now, home.zone, locale)}
              </p>
              <ReadConfirmation announcement={one} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
