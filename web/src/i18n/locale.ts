import { useSyncExternalStore } from "react";

import { readCookie, writeCookie } from "../lib/preferences/cookies.ts";

/** The languages of Besace. */
export const LOCALES = ["fr", "en"] as const;
export type Locale = (typeof LOCALES)[number];

const COOKIE = "besace-lang";
const listeners = new Set<() => void>();

function isLocale(text: string | undefined): text is Locale {
  return LOCALES.some((locale) => locale === text);
}

/** The chosen language, else the first of the browser's that we speak, else French. */
export function currentLocale(): Locale {
  const chosen = readCookie(COOKIE);
  if (isLocale(chosen)) return chosen;
  const spoken = navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase());
  return spoken.find(isLocale) ?? "fr";
}

/** Keeps the choice for this browser: the server reads the same cookie. */
export function chooseLocale(locale: Locale): void {
  writeCookie(COOKIE, locale);
  document.documentElement.lang = locale;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The reader's language; the component is drawn again when it changes. */
export function useLocale(): Locale {
  return useSyncExternalStore(subscribe, currentLocale);
}
