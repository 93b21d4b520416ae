// The one search: results by source, and commands. Loaded when it is first opened.
import { lazy } from "react";

const load = () => import("./components/Palette.tsx");

export const Palette = lazy(load);

/** Fetches the palette before it is opened. */
export function preloadPalette(): void {
  load().catch(() => undefined);
}
