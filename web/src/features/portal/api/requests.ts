import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { call, type Page, type ToolRequest } from "../../../lib/api/shapes.ts";

export type { ToolRequest } from "../../../lib/api/shapes.ts";

const KEY = ["requests"] as const;

/** What the reader has asked for. */
export function useRequests() {
  return useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => call<Page<ToolRequest>>("GET", "/api/v1/requests", undefined, { signal }),
  });
}

export interface Wish {
  readonly name: string;
  readonly url: string;
  readonly purpose: string;
}

/** Asks the administrators for a tool. */
export function useAskForTool() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (wish: Wish) => call<unknown>("POST", "/api/v1/requests", wish),
    onSuccess: () => client.invalidateQueries({ queryKey: KEY }),
  });
}
