import { useSyncExternalStore } from "react";

import { readCookie, writeCookie } from "./cookies.ts";

/** What a reader may choose; `system` follows the machine. */
export const THEMES = ["light", "dark", "system"] as const;
export type ThemeChoice = (typeof THEMES)[number];

const COOKIE = "besace-theme";
const LOOK = "besace-look";
const listeners = new Set<() => void>();
const systemIsDark = () => matchMedia("(prefers-color-scheme: dark)");

/** The kept choice, or `system`. */
export function currentTheme(): ThemeChoice {
  const kept = readCookie(COOKIE);
  return THEMES.find((theme) => theme === kept) ?? "system";
}

/** Keeps the choice for this browser and shows it at once. */
export function chooseTheme(choice: ThemeChoice): void {
  writeCookie(COOKIE, choice);
  applyTheme();
  for (const listener of listeners) listener();
}

/** Writes on `<html>` what the stylesheets read. */
function applyTheme(): void {
  const choice = currentTheme();
  const dark = choice === "dark" || (choice === "system" && systemIsDark().matches);
  document.documentElement.setAttribute("data-fr-scheme", choice);
  document.documentElement.setAttribute("data-fr-theme", dark ? "dark" : "light");
}

/** Follows the machine for as long as the page is open. */
export function followSystemTheme(): void {
  applyTheme();
  systemIsDark().addEventListener("change", applyTheme);
}

/** The reader's choice; the component is drawn again when it changes. */
export function useTheme(): ThemeChoice {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, currentTheme);
}

/** The instance's look, kept so that the next visit paints it from the start. */
export function applyLook(look: "neutral" | "state"): void {
  document.documentElement.setAttribute("data-besace-look", look);
  try {
    localStorage.setItem(LOOK, look);
  } catch {
    // Storage may be refused: the look then comes after the first paint.
  }
}
