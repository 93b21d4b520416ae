import { clockTime, fullMoment, untilWhen, whenRelative } from "../../../i18n/dates.ts";
import { useTexts } from "../../../i18n/dictionary.ts";
import { useLocale } from "../../../i18n/locale.ts";
import type { NowItem } from "../../../lib/api/shapes.ts";
import { ActionLink, TileIcon } from "../../../ui/index.ts";
import type { Home } from "../api/home.ts";
import { useClock } from "../hooks/useClock.ts";
import { texts } from "../texts.ts";
import { FirstSteps, STEPS } from "./FirstSteps.tsx";

const MINUTE = 60_000;
/** A thing that begins within this, or began so long ago, is imminent: its action is filled. */
const SOON = 15 * MINUTE;
const JUST_BEGUN = 30 * MINUTE;

/** The lines that still hold at this moment, what begins first at the top. */
export function linesAt(items: readonly NowItem[], now: number): NowItem[] {
  return items
    .filter(({ until }) => until > now)
    .sort((one, other) => (one.at ?? one.until) - (other.at ?? other.until));
}

/** The one line whose action is filled, if any: what begins next, else what began last. `items` in the order of time. */
export function imminentAt(items: readonly NowItem[], now: number): NowItem | undefined {
  const next = items.find(({ at }) => at != null && at > now && at <= now + SOON);
  return next ?? items.findLast(({ at }) => at != null && at <= now && at >= now - JUST_BEGUN);
}

/** *Maintenant*: one line and one action for each thing that waits for the reader. */
export function NowCard({ home }: { home: Home }) {
  const t = useTexts(texts);
  const now = useClock(home.now, home.receivedAt);
  const lines = linesAt(home.nowItems, now);
  const imminent = home.firstDay ? undefined : imminentAt(lines, now);
  // The imminent line stands first, wherever its time puts it.
  const ordered = imminent === undefined ? lines : [imminent, ...lines.filter((line) => line !== imminent)];
  return (
    <section aria-labelledby="now">
      <div className="bs-head">
        <h2 id="now">{t.now}</h2>
        {home.firstDay ? <span className="bs-small">{t.stepsIntro(STEPS.length)}</span> : null}
      </div>
      {!home.firstDay && ordered.length === 0 ? (
        <p className="bs-card bs-quiet">{t.nothingNow}</p>
      ) : (
        <ul className="bs-list bs-card bs-now">
          {home.firstDay ? <FirstSteps /> : null}
          {ordered.map((item) => (
            <Line key={`${item.source}/${item.id}`} item={item} now={now} zone={home.zone} first={item === imminent} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Line({ item, now, zone, first }: { item: NowItem; now: number; zone: string; first: boolean }) {
  return (
    <li className={first ? "bs-now__first" : undefined}>
      <When item={item} now={now} zone={zone} first={first} />
      <span className={first ? "bs-square c-brand" : "bs-square c-teal"}>
        <TileIcon name={item.icon} />
      </span>
      <div>
        <p>
          <b>{item.title}</b>
        </p>
        {item.detail ? <p>{item.detail}</p> : null}
      </div>
      <ActionLink to={item.link} className={first ? "fr-btn" : "fr-btn fr-btn--secondary fr-btn--sm"}>
        {item.action}
        <span className="bs-sr">, {item.title}</span>
      </ActionLink>
    </li>
  );
}

function When({ item, now, zone, first }: { item: NowItem; now: number; zone: string; first: boolean }) {
  const locale = useLocale();
  const moment = item.at ?? item.until;
  const words = item.at == null ? untilWhen(item.until, now, zone, locale) : whenRelative(item.at, now, zone, locale);
  return (
    <time className="bs-now__when" dateTime={new Date(moment).toISOString()} title={fullMoment(moment, zone, locale)}>
      {first ? <b>{clockTime(moment, zone, locale)}</b> : null}
      {words}
    </time>
  );
}
