import { useSyncExternalStore } from "react";

const KEY = "besace-single-keys";
const listeners = new Set<() => void>();

/** Whether one key alone may act (WCAG 2.1.4): a voice that dictates would press them. */
export function singleKeysOn(): boolean {
  try {
    return localStorage.getItem(KEY) !== "off";
  } catch {
    return true;
  }
}

/** Keeps the choice for this browser. */
export function chooseSingleKeys(on: boolean): void {
  try {
    if (on) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, "off");
  } catch {
    // Storage may be refused: the choice then cannot be kept.
  }
  for (const listener of listeners) listener();
}

/** The choice; the component is drawn again when it changes. */
export function useSingleKeys(): boolean {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, singleKeysOn);
}
