import { QueryClient } from "@tanstack/react-query";

import { ApiFailure } from "./api/problem.ts";

const MINUTE = 60_000;

/** One cache for the whole application: server state lives nowhere else. */
export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: MINUTE,
        // A request is tried even when the browser believes it is offline: it is often wrong.
        networkMode: "always",
        // Only a network that failed is worth a second try.
        retry: (failures, error) =>
          failures < 1 && error instanceof ApiFailure && error.kind === "unreachable",
        retryDelay: 500,
      },
    },
  });
}
