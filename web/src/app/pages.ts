// The pages that are fetched before they are asked for.

import { preloadDirectory } from "../features/directory/index.ts";
import { preloadTools } from "../features/portal/index.ts";

const LOADS: Readonly<Record<string, () => void>> = {
  "/annuaire": preloadDirectory,
  "/outils": preloadTools,
};

/** Fetches a page before it is asked for: the pointer or the focus is on its link. */
export function preload(path: string): void {
  LOADS[path]?.();
}
