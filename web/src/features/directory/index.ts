// The directory: the agents of every administration.
import { lazy } from "react";

const load = () => import("./routes/DirectoryPage.tsx");

export const DirectoryPage = lazy(load);
export const PersonPage = lazy(() => import("./routes/PersonPage.tsx"));

/** Fetches the page before it is asked for. */
export function preloadDirectory(): void {
  load().catch(() => undefined);
}
