// The portal: what waits for the reader, their tools, announcements, and the public facts of the instance.
import { lazy } from "react";

export { tilesOf, useHome } from "./api/home.ts";
export { sayOpened } from "./api/opened.ts";
export { useSite } from "./api/site.ts";
export { HomePage } from "./routes/HomePage.tsx";

const tools = () => import("./routes/ToolsPage.tsx");

export const ToolsPage = lazy(tools);
export const RequestPage = lazy(() => import("./routes/RequestPage.tsx"));
export const AnnouncementsPage = lazy(() => import("./routes/AnnouncementsPage.tsx"));

/** Fetches the page of all tools before it is asked for. */
export function preloadTools(): void {
  tools().catch(() => undefined);
}
