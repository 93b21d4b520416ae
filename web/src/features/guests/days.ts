// Days of native date fields, in the browser's zone.

import type { Locale } from "../../i18n/locale.ts";

export const DAY = 86_400_000;
/** Three months. */
export const USUAL_DAYS = 92;

/** However often its end is moved, an invitation lasts no longer from the day on which it was sent. */
export const LONGEST_DAYS = 365;

/** A day as people read it, with its year. */
export function dayOf(moment: number, locale: Locale): string {
  const format = new Intl.DateTimeFormat(locale === "fr" ? "fr-FR" : "en-GB", { day: "numeric", month: "long", year: "numeric" });
  return format.format(moment);
}

/** The value of a field of date. */
export function fieldOf(moment: number): string {
  const at = new Date(moment);
  return new Date(moment - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}

/** The last second of the day of a field; none when it is empty or impossible. */
export function endOf(field: string): number | undefined {
  const end = new Date(`${field}T23:59:59`).getTime();
  return field === "" || Number.isNaN(end) ? undefined : end;
}

/** The latest day that may be chosen: its last second lies within the longest. */
export function latest(now: number, longestDays: number): number {
  return now + (longestDays - 1) * DAY;
}

/** The end that is proposed. */
export function usual(now: number, longestDays: number): number {
  return Math.min(now + USUAL_DAYS * DAY, latest(now, longestDays));
}
