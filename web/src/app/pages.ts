// The pages that are fetched before they are asked for, and the administration.

import type { ComponentType } from "react";

import { preloadDirectory } from "../features/directory/index.ts";
import { preloadTools } from "../features/portal/index.ts";

/** Everything under `/administration`, a file of its own. Absent from a build without administration. */
export const AdminApp = import.meta.glob<{ AdminApp: ComponentType }>("../features/admin/index.ts", { eager: true })[
  "../features/admin/index.ts"
]?.AdminApp;

const LOADS: Readonly<Record<string, () => void>> = {
  "/annuaire": preloadDirectory,
  "/outils": preloadTools,
};

/** Fetches a page before it is asked for: the pointer or the focus is on its link. */
export function preload(path: string): void {
  LOADS[path]?.();
}
