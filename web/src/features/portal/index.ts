// The portal: the reader's tools, and the public facts of the instance.
export { useSite } from "./api/site.ts";
export { HomePage } from "./routes/HomePage.tsx";
export { ToolsPage } from "./routes/ToolsPage.tsx";
