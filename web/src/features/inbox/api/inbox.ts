import { type InfiniteData, useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";

import { call, type InboxPart, type Notice } from "../../../lib/api/shapes.ts";
import { INBOX_KEY, UNREAD_KEY } from "./unread.ts";

export type { Notice } from "../../../lib/api/shapes.ts";

const LIST = [...INBOX_KEY, "list"] as const;

/** The notices, the latest first, page by page. */
export function useInbox(unreadOnly: boolean) {
  return useInfiniteQuery({
    queryKey: [...LIST, unreadOnly],
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams();
      if (unreadOnly) query.set("unread", "true");
      if (pageParam !== "") query.set("cursor", pageParam);
      return call<InboxPart>("GET", `/api/v1/inbox?${query.toString()}`, undefined, { signal });
    },
    initialPageParam: "",
    getNextPageParam: ({ next }) => next ?? undefined,
  });
}

/** Marks one notice read or unread: shown at once. */
export function useMarkNotice(onFailure: () => void) {
  const client = useQueryClient();
  return useMutation({
    scope: { id: "inbox" },
    mutationFn: ({ id, read }: { id: string; read: boolean }) =>
      call<unknown>("POST", `/api/v1/inbox/${encodeURIComponent(id)}/${read ? "read" : "unread"}`, undefined, { keepalive: true }),
    onMutate: ({ id, read }) => {
      const mark = (notice: Notice): Notice => (notice.id === id ? { ...notice, readAt: read ? Date.now() : null } : notice);
      client.setQueriesData<InfiniteData<InboxPart>>({ queryKey: LIST }, (data) =>
        data === undefined
          ? data
          : { ...data, pages: data.pages.map((part) => ({ ...part, items: part.items.map(mark) })) },
      );
      client.setQueryData<number>(UNREAD_KEY, (count) =>
        count === undefined ? count : Math.max(0, count + (read ? -1 : 1)),
      );
    },
    onError: onFailure,
    onSettled: () => client.invalidateQueries({ queryKey: INBOX_KEY }),
  });
}

/** Marks everything read; gives how to take it back. */
export function useMarkAllRead(told: { done: (count: number, undo: () => void) => void; failed: () => void }) {
  const client = useQueryClient();
  const again = () => client.invalidateQueries({ queryKey: INBOX_KEY });
  const undo = useMutation({
    mutationFn: (token: string) => call<unknown>("POST", "/api/v1/inbox/undo", { token }),
    onError: told.failed,
    onSettled: again,
  });
  return useMutation({
    mutationFn: () => call<{ read: number; undo: string }>("POST", "/api/v1/inbox/read-all"),
    onSuccess: ({ read, undo: token }) => told.done(read, () => undo.mutate(token)),
    onError: told.failed,
    onSettled: again,
  });
}
