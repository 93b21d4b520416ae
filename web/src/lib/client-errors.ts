// What fails in this browser, told to the server as a kind and the template of the page's address:
// no message, no id, nothing of a person.

import { call } from "./api/shapes.ts";

export type Failure = "error" | "rejection" | "chunk" | "render";

/** A page that fails in a loop says so a few times, not for ever. */
const MOST_A_PAGE = 5;

const TEMPLATES: readonly (readonly [RegExp, string])[] = [
  [/^\/$/, "/"],
  [/^\/(?:outils|outils\/demander|annonces|notifications|annuaire|reglages)\/?$/, "$&"],
  [/^\/annuaire\/[^/]+\/?$/, "/annuaire/:id"],
  [/^\/administration(?:\/.*)?$/, "/administration/*"],
];

/** The template of a page's address: ids become `:id`, an unknown address `/*`. */
export function templateOf(path: string): string {
  for (const [shape, template] of TEMPLATES) {
    if (shape.test(path)) return template === "$&" ? path.replace(/\/$/, "") : template;
  }
  return "/*";
}

let told = 0;

/** Tells the server, at most five times a page. */
export function report(kind: Failure): void {
  if (told >= MOST_A_PAGE) return;
  told += 1;
  call<unknown>("POST", "/api/v1/client-errors", { kind, route: templateOf(location.pathname) }, { keepalive: true }).catch(
    () => undefined,
  );
}

/** Watches for what nothing catches. */
export function watchFailures(): void {
  addEventListener("error", () => report("error"));
  addEventListener("unhandledrejection", () => report("rejection"));
}
