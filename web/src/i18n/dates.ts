import type { Locale } from "./locale.ts";

/** How a moment reads: `mardi 24 novembre, 9 h 22`, `Tuesday 24 November, 9:22`. */
export function dateAndTime(moment: number, zone: string, locale: Locale): string {
  const at = new Date(moment);
  const language = locale === "fr" ? "fr-FR" : "en-GB";
  const timeZone = knownZone(zone);
  const day = new Intl.DateTimeFormat(language, { timeZone, weekday: "long", day: "numeric", month: "long" });
  const clock = new Intl.DateTimeFormat("en-GB", { timeZone, hour: "numeric", minute: "2-digit", hourCycle: "h23" });
  const parts = clock.formatToParts(at);
  const hour = Number(parts.find(({ type }) => type === "hour")?.value ?? "0");
  const minute = parts.find(({ type }) => type === "minute")?.value ?? "00";
  const time = locale === "fr" ? `${hour}\u00a0h\u00a0${minute}` : `${hour}:${minute}`;
  // English puts a comma after the weekday in some engines: the house's form has one comma only.
  return `${day.format(at).replace(",", "")}, ${time}`;
}

/** The zone, or the browser's own when it does not know this name. */
function knownZone(zone: string): string | undefined {
  try {
    return new Intl.DateTimeFormat("fr", { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}
