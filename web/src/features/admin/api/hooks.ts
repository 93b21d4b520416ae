import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { useLocale } from "../../../i18n/locale.ts";
import { type Send, send, read, type Tagged } from "./call.ts";
import type { Page } from "./shapes.ts";

const ROOT = "admin";

interface ReadOptions {
  /** Nothing is asked while there is nothing to ask. */
  path: string | undefined;
  /** Milliseconds: asked again while something is under way. */
  every?: number | false;
  /** What was shown stays until the next answer. */
  keep?: boolean;
}

/** A resource, with its version. The key starts with the topic of the hint that makes it old. */
export function useResource<Data>(topic: string, { path, every = false, keep = false }: ReadOptions) {
  const locale = useLocale();
  return useQuery({
    queryKey: [ROOT, topic, path, locale],
    queryFn: ({ signal }) => read<Data>(path ?? "", signal),
    enabled: path !== undefined,
    refetchInterval: every,
    ...(keep ? { placeholderData: keepPreviousData } : {}),
  });
}

/** A list read part by part. */
export function useParts<Item, Part extends Page<Item> = Page<Item>>(topic: string, path: string | undefined) {
  const locale = useLocale();
  const parts = useInfiniteQuery({
    queryKey: [ROOT, topic, "parts", path, locale],
    queryFn: async ({ signal, pageParam }) => {
      const cursor = pageParam === "" ? "" : `${path?.includes("?") ? "&" : "?"}cursor=${encodeURIComponent(pageParam)}`;
      return (await read<Part>(`${path ?? ""}${cursor}`, signal)).data;
    },
    enabled: path !== undefined,
    initialPageParam: "",
    getNextPageParam: (part) => part.next ?? undefined,
    placeholderData: keepPreviousData,
  });
  return {
    first: parts.data?.pages[0],
    pages: parts.data?.pages,
    items: parts.data?.pages.flatMap((part) => part.items),
    error: parts.error,
    retry: () => void parts.refetch(),
    more: parts.hasNextPage ? () => void parts.fetchNextPage() : undefined,
    busy: parts.isFetchingNextPage,
  };
}

/** Writes; what was read of the topics is asked again afterwards. */
export function useSend(...topics: string[]) {
  const cache = useQueryClient();
  return async <Data>(order: Send): Promise<Tagged<Data>> => {
    const answer = await send<Data>(order);
    await Promise.all(topics.map((topic) => cache.invalidateQueries({ queryKey: [ROOT, topic] })));
    return answer;
  };
}

/** Makes what was read of the topics old: it is asked for again when it is shown again, not before. */
export function useOutdate(...topics: string[]) {
  const cache = useQueryClient();
  return () => Promise.all(topics.map((topic) => cache.invalidateQueries({ queryKey: [ROOT, topic], refetchType: "none" })));
}

/** An act of the reader: runs, fails, can be tried again. */
export function useAct<Input, Result>(act: (input: Input) => Promise<Result>) {
  return useMutation({ mutationFn: act, networkMode: "always" });
}
