import { useResource } from "../api/hooks.ts";
import { query } from "../api/call.ts";
import type { Page, RequestLine } from "../api/pending.ts";

/** The topic of the hint that makes lists of requests old. */
export const REQUESTS = "requests";

/** The address of the requests made to an administration, in a state. */
export function requestsPath(organisation: string, state: RequestLine["state"]): string {
  return `/api/v1/admin/requests${query({ state, organisation })}`;
}

/** How many requests wait for an answer of an administration. */
export function usePendingRequests(organisation: string | undefined): number {
  const path = organisation === undefined ? undefined : requestsPath(organisation, "pending");
  return useResource<Page<RequestLine>>(REQUESTS, { path }).data?.data.items.length ?? 0;
}
