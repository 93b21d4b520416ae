import type { Locale } from "./locale.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const languageOf = (locale: Locale) => (locale === "fr" ? "fr-FR" : "en-GB");

/** How a moment reads: `mardi 24 novembre, 9 h 22`, `Tuesday 24 November, 9:22`. */
export function dateAndTime(moment: number, zone: string, locale: Locale): string {
  const { hour, minute } = clockOf(moment, zone);
  const time = locale === "fr" ? `${hour}\u00a0h\u00a0${minute}` : `${hour}:${minute}`;
  return `${dayName(moment, zone, locale)}, ${time}`;
}

/** A moment in full, with `à 19 h` rather than `19 h 00`. */
export function fullMoment(moment: number, zone: string, locale: Locale): string {
  return `${dayName(moment, zone, locale)}, ${clockTime(moment, zone, locale)}`;
}

/** The hour: `9 h 30`, `19 h`, `9:30`, `19:00`. */
export function clockTime(moment: number, zone: string, locale: Locale): string {
  const { hour, minute } = clockOf(moment, zone);
  return hourText(hour, minute, locale);
}

/** An hour written `HH:MM`, as people read it. */
export function hourOf(text: string, locale: Locale): string {
  const [hour = "0", minute = "00"] = text.split(":");
  return hourText(Number(hour), minute, locale);
}

function hourText(hour: number, minute: string, locale: Locale): string {
  if (locale === "en") return `${hour}:${minute}`;
  return minute === "00" ? `${hour}\u00a0h` : `${hour}\u00a0h\u00a0${minute}`;
}

/** When something begins or began, beside the present: `dans 8 min`, `depuis 4 min`, else its moment. */
export function whenRelative(at: number, now: number, zone: string, locale: Locale): string {
  const away = Math.abs(at - now);
  const begun = at <= now;
  if (away >= DAY) return shortMoment(at, now, zone, locale);
  const count = away < HOUR ? Math.max(1, Math.round(away / MINUTE)) : Math.round(away / HOUR);
  const unit = away < HOUR ? "min" : "h";
  if (locale === "fr") return begun ? `depuis ${count}\u00a0${unit}` : `dans ${count}\u00a0${unit}`;
  return begun ? `for ${count}\u00a0${unit}` : `in ${count}\u00a0${unit}`;
}

/** Until when something can be done: `avant 18 h`, `avant vendredi`, `avant le 12 décembre`. */
export function untilWhen(until: number, now: number, zone: string, locale: Locale): string {
  const days = daysBetween(now, until, zone);
  const before = locale === "fr" ? "avant" : "before";
  if (days <= 0) return `${before} ${clockTime(until, zone, locale)}`;
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(languageOf(locale), { timeZone: knownZone(zone), ...options }).format(until);
  if (days === 1) return locale === "fr" ? "avant demain soir" : "before tomorrow evening";
  if (days < 7) return `${before} ${format({ weekday: "long" })}`;
  return locale === "fr"
    ? `avant le ${format({ day: "numeric", month: "long" })}`
    : `before ${format({ day: "numeric", month: "long" })}`;
}

/** A past moment, short: `9 h 05` today, `hier`, then `12 novembre`, with the year when it is another. */
export function shortMoment(moment: number, now: number, zone: string, locale: Locale): string {
  const days = daysBetween(moment, now, zone);
  if (days === 0) return clockTime(moment, zone, locale);
  if (days === 1) return locale === "fr" ? "hier" : "yesterday";
  const timeZone = knownZone(zone);
  const year = (at: number) => new Intl.DateTimeFormat("en", { timeZone, year: "numeric" }).format(at);
  const options: Intl.DateTimeFormatOptions = { timeZone, day: "numeric", month: "long" };
  if (year(moment) !== year(now)) options.year = "numeric";
  return new Intl.DateTimeFormat(languageOf(locale), options).format(moment);
}

/** A day in full: `28 février 2027`. */
export function fullDay(moment: number, zone: string, locale: Locale): string {
  const options: Intl.DateTimeFormatOptions = { timeZone: knownZone(zone), day: "numeric", month: "long", year: "numeric" };
  return new Intl.DateTimeFormat(languageOf(locale), options).format(moment);
}

/** The zone of this browser. */
export function browserZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** How many midnights of this zone lie between two moments. */
function daysBetween(from: number, to: number, zone: string): number {
  const timeZone = knownZone(zone);
  const day = (at: number) =>
    Date.parse(`${new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short" }).format(at)}T00:00:00Z`);
  return Math.round((day(to) - day(from)) / DAY);
}

function dayName(moment: number, zone: string, locale: Locale): string {
  const timeZone = knownZone(zone);
  const day = new Intl.DateTimeFormat(languageOf(locale), { timeZone, weekday: "long", day: "numeric", month: "long" });
  // English puts a comma after the weekday in some engines: the house's form has one comma only.
  return day.format(moment).replace(",", "");
}

function clockOf(moment: number, zone: string): { hour: number; minute: string } {
  const clock = new Intl.DateTimeFormat("en-GB", {
    timeZone: knownZone(zone),
    hour: "numeric",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const parts = clock.formatToParts(moment);
  return {
    hour: Number(parts.find(({ type }) => type === "hour")?.value ?? "0"),
    minute: parts.find(({ type }) => type === "minute")?.value ?? "00",
  };
}

/** The zone, or the browser's own when it does not know this name. */
function knownZone(zone: string): string | undefined {
  try {
    return new Intl.DateTimeFormat("fr", { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}
