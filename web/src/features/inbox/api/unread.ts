import { useQuery } from "@tanstack/react-query";

import { call, type InboxPart } from "../../../lib/api/shapes.ts";

/** The key of everything of the inbox. */
export const INBOX_KEY = ["inbox"] as const;
/** The key of the count. */
export const UNREAD_KEY = [...INBOX_KEY, "unread"] as const;

/** How many notices are unread. One small request: the list itself is not loaded. */
export function useUnread(): number | undefined {
  return useQuery({
    queryKey: UNREAD_KEY,
    queryFn: async ({ signal }) =>
      (await call<InboxPart>("GET", "/api/v1/inbox?unread=true&limit=1", undefined, { signal })).unread,
    // Not worth a message: the number is simply absent.
    retry: false,
  }).data;
}
