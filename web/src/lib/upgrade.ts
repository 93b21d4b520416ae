// An open page whose server was upgraded asks for files that are gone: it loads itself again, once.

import { report } from "./client-errors.ts";

const KEY = "besace-reloaded-at";
/** Two failures within this are no upgrade: the reader is told, not sent round in circles. */
const TOO_SOON_MS = 60_000;

/** Loads the page again when a part of it cannot be loaded. */
export function reloadAfterUpgrade(): void {
  addEventListener("vite:preloadError", (event) => {
    report("chunk");
    try {
      const last = Number(sessionStorage.getItem(KEY) ?? "0");
      if (!navigator.onLine || Date.now() - last < TOO_SOON_MS) return;
      sessionStorage.setItem(KEY, String(Date.now()));
    } catch {
      // Without storage nothing would stop a circle.
      return;
    }
    event.preventDefault();
    location.reload();
  });
}
