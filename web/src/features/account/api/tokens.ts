import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { type AnswerOf, api, dataOf } from "../../../lib/api/client.ts";
import { call } from "../../../lib/api/shapes.ts";
import { type Told, useAct } from "./account.ts";

const TOKENS = "/api/v1/account/tokens";

export type OwnTokens = AnswerOf<typeof TOKENS>;
export type OwnToken = OwnTokens["items"][number];

/** What is asked of the server to make one. */
export interface NewToken {
  name: string;
  scopes: string[];
  days: number;
}

/** A token just made, with what is shown once. */
export interface TokenMade {
  token: OwnToken;
  secret: string;
}

/** What programs have of the reader. */
export function useTokens() {
  return useQuery({
    queryKey: ["account", "tokens"],
    queryFn: ({ signal }) => dataOf(api.GET(TOKENS, { signal })),
  });
}

/** Makes a token. The answer holds its secret: it is kept in no cache. */
export function useMakeToken(made: (answer: TokenMade) => void) {
  const client = useQueryClient();
  return useMutation({
    networkMode: "always",
    gcTime: 0,
    mutationFn: (token: NewToken) => call<TokenMade>("POST", TOKENS, token),
    onSuccess: (answer) => {
      made(answer);
      return client.invalidateQueries({ queryKey: ["account", "tokens"] });
    },
  });
}

/** Revokes a token, or all when none is named. */
export function useRevokeToken(told: Told<OwnToken | undefined>) {
  const revoke = (token: OwnToken | undefined) => call("DELETE", token === undefined ? TOKENS : `${TOKENS}/${token.id}`);
  return useAct("tokens", revoke, told);
}
