// What the service worker does with a request: decisions only, no cache and no network.

/** The only answers of the API of which a copy is kept. */
const KEPT: ReadonlySet<string> = new Set(["/api/v1/home", "/api/v1/site", "/api/v1/session"]);

/** Pages of the server itself: never the shell. */
const SERVER_PAGES =
  /^\/(?:api|connexion|deconnexion|invitation|accessibilite|mentions-legales|donnees-personnelles|_[a-z]+|\.well-known|scim|dav|t|healthz|readyz)(?:\/|$)/;

export type Treatment =
  /** Not ours: the browser does as without a worker. */
  | "pass"
  /** From the network; its last copy when there is none. */
  | "copy"
  /** From the network; the shell when there is none. */
  | "shell"
  /** Its name changes with its content: kept once, served from there. */
  | "asset"
  /** The agent signs out: nothing of theirs stays. */
  | "forget";

/** What is asked for. */
export interface Asked {
  readonly method: string;
  readonly sameOrigin: boolean;
  readonly path: string;
  /** A page is being opened. */
  readonly navigates: boolean;
}

export function treatmentOf({ method, sameOrigin, path, navigates }: Asked): Treatment {
  if (!sameOrigin) return "pass";
  if (method === "POST" && path === "/deconnexion") return "forget";
  if (method !== "GET") return "pass";
  if (KEPT.has(path)) return "copy";
  if (path.startsWith("/assets/") || path.startsWith("/fonts/")) return "asset";
  return navigates && !SERVER_PAGES.test(path) ? "shell" : "pass";
}
