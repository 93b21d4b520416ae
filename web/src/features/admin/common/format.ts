import type { Locale } from "../../../i18n/locale.ts";
import type { Localised } from "../api/shapes.ts";

const language = (locale: Locale) => (locale === "fr" ? "fr-FR" : "en-GB");

/** A number with its thousands apart: `4 987`, `4,987`. */
export function number(value: number, locale: Locale): string {
  return new Intl.NumberFormat(language(locale)).format(value);
}

/** `9 h 05`, `9:05`, in the browser's zone. */
export function clock(moment: number, locale: Locale): string {
  const at = new Date(moment);
  const minutes = String(at.getMinutes()).padStart(2, "0");
  return locale === "fr" ? `${at.getHours()}\u00a0h\u00a0${minutes}` : `${at.getHours()}:${minutes}`;
}

/** `24 novembre 2026`. */
export function day(moment: number, locale: Locale): string {
  return new Intl.DateTimeFormat(language(locale), { day: "numeric", month: "long", year: "numeric" }).format(moment);
}

/** `24 novembre 2026, 9 h 05`. */
export function dayAndTime(moment: number, locale: Locale): string {
  return `${day(moment, locale)}, ${clock(moment, locale)}`;
}

/** A SIRET as people read it: `110 014 016 00015`. */
export function siretInGroups(siret: string): string {
  return siret.replace(/^(\d{3})(\d{3})(\d{3})(\d{5})$/, "$1\u202f$2\u202f$3\u00a0$4");
}

/** The text in a language; French stands where English is not written. */
export function said(text: Localised, locale: Locale): string {
  return locale === "en" && text.en ? text.en : text.fr;
}

/** What the server gives either whole or by its id. */
export function idOf(thing: string | { id: string }): string {
  return typeof thing === "string" ? thing : thing.id;
}

/** The value of a native field of date and time, in the browser's zone. */
export function fieldOfMoment(moment: number | null | undefined): string {
  if (moment === null || moment === undefined) return "";
  const at = new Date(moment);
  return new Date(moment - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** The moment that a native field says; none when it is empty or impossible. */
export function momentOfField(text: string): number | undefined {
  const moment = new Date(text).getTime();
  return text === "" || Number.isNaN(moment) ? undefined : moment;
}

/** The last moment of a day of a native field of date. */
export function endOfDay(text: string): number | undefined {
  return text === "" ? undefined : momentOfField(`${text}T23:59:59`);
}
