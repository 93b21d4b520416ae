// The inbox: what tools told the agent.
import { lazy } from "react";

export { useUnread } from "./api/unread.ts";
export const InboxPage = lazy(() => import("./routes/InboxPage.tsx"));
