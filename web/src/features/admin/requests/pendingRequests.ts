import { useResource } from "../api/hooks.ts";
import { query } from "../api/call.ts";
import type { Page, RequestLine } from "../api/shapes.ts";

/** The topic of the hint that makes lists of requests old. */
export const REQUESTS = "requests";

/** The address of the requests made to what the reader administers, in a state. */
export function requestsPath(state: RequestLine["state"]): string {
  return `/api/v1/admin/requests${query({ state })}`;
}

/** How many requests wait for an answer of the reader. */
export function usePendingRequests(administrator: boolean): number {
  const path = administrator ? requestsPath("pending") : undefined;
  return useResource<Page<RequestLine>>(REQUESTS, { path }).data?.data.items.length ?? 0;
}
