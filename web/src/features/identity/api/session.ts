import { useQuery } from "@tanstack/react-query";

import { api, type AnswerOf, dataOf } from "../../../lib/api/client.ts";
import { rememberCsrf } from "../../../lib/api/csrf.ts";
import type { Grant } from "../../../lib/api/shapes.ts";

export type Session = AnswerOf<"/api/v1/session"> & { readonly grants?: Grant[] };

/** Who is signed in. Asked again when the window comes back to the front: it may be over by then. */
export function useSession() {
  return useQuery({
    queryKey: ["session"],
    queryFn: async ({ signal }): Promise<Session> => {
      const session = await dataOf(api.GET("/api/v1/session", { signal }));
      rememberCsrf(session.csrfToken);
      return session;
    },
    refetchOnWindowFocus: "always",
  });
}
