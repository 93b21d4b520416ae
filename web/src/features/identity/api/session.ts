import { useQuery } from "@tanstack/react-query";

import { api, type AnswerOf, dataOf } from "../../../lib/api/client.ts";

export type Session = AnswerOf<"/api/v1/session">;

/** Who is signed in. Asked again when the window comes back to the front: it may be over by then. */
export function useSession() {
  return useQuery({
    queryKey: ["session"],
    queryFn: ({ signal }) => dataOf(api.GET("/api/v1/session", { signal })),
    refetchOnWindowFocus: "always",
  });
}
