import { useInfiniteQuery } from "@tanstack/react-query";

import { useLocale } from "../../../i18n/locale.ts";
import { type Announcement, call, type Page } from "../../../lib/api/shapes.ts";
import { ANNOUNCEMENTS_KEY } from "./announcements.ts";

/** Every announcement meant for the reader, the latest first, page by page. */
export function useAnnouncements() {
  const locale = useLocale();
  return useInfiniteQuery({
    queryKey: [...ANNOUNCEMENTS_KEY, locale],
    queryFn: ({ pageParam, signal }) =>
      call<Page<Announcement>>("GET", `/api/v1/announcements${pageParam === "" ? "" : `?cursor=${encodeURIComponent(pageParam)}`}`, undefined, { signal }),
    initialPageParam: "",
    getNextPageParam: ({ next }) => next ?? undefined,
  });
}
