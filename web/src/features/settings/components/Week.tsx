import { hourOf } from "../../../i18n/dates.ts";
import { useTexts } from "../../../i18n/dictionary.ts";
import { type Locale, useLocale } from "../../../i18n/locale.ts";
import { type QuietDay, silentParts } from "../api/settings.ts";
import { texts } from "../texts.ts";

/** A Monday, to name the days of the week by the platform's own words. */
const MONDAY = Date.UTC(2026, 10, 23, 12);
const DAY = 86_400_000;

/** The name of a day, Monday being 0. */
export function weekday(index: number, locale: Locale): string {
  const name = new Intl.DateTimeFormat(locale === "fr" ? "fr-FR" : "en-GB", { weekday: "long", timeZone: "UTC" }).format(MONDAY + index * DAY);
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** The week at a glance: a bar a day, and the same in words. */
export function Week({ days }: { days: readonly QuietDay[] }) {
  const locale = useLocale();
  return (
    <ul className="bs-list bs-week">
      {days.map((day, index) => (
        <li key={weekday(index, locale)}>
          <b>{weekday(index, locale)}</b>
          <Silence day={day} before={days[(index + 6) % 7] ?? null} />
          <span>
            <InWords day={day} />
          </span>
        </li>
      ))}
    </ul>
  );
}

/** Twenty-four hours, the silent ones filled. */
function Silence({ day, before }: { day: QuietDay; before: QuietDay }) {
  return (
    <svg className="bs-week__bar" viewBox="0 0 240 14" preserveAspectRatio="none" aria-hidden="true">
      {silentParts(day, before).map(({ from, to }) => (
        <rect key={from} x={from * 240} y="0" width={(to - from) * 240} height="14" />
      ))}
    </svg>
  );
}

function InWords({ day }: { day: QuietDay }) {
  const t = useTexts(texts);
  const locale = useLocale();
  if (day === null) return t.none;
  if ("allDay" in day) return t.allDay;
  return t.range(hourOf(day.from, locale), hourOf(day.to, locale));
}
