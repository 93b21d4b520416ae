import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { useLocale } from "../../../i18n/locale.ts";
import type { AnswerOf } from "../../../lib/api/client.ts";
import { call } from "../../../lib/api/shapes.ts";

const OWN = "/api/v1/invitations";
const SPONSORED = "/api/v1/admin/invitations";
const TOOLS = "/api/v1/invitations/tools";
const KEY = "invitations";

export type Invitation = AnswerOf<typeof OWN>["items"][number];
type Part = AnswerOf<typeof OWN>;
export type Shareable = AnswerOf<typeof TOOLS>;

/** An invitation to be sent. Times in UTC milliseconds. */
export interface NewInvitation {
  readonly email: string;
  readonly givenName: string;
  readonly usualName: string;
  readonly organisation: string;
  readonly purpose: string;
  readonly tools: readonly string[];
  readonly until: number;
}

/** Invitations, the newest first, part by part: the reader's own, or those of an administration, or of one of its agents. */
export function useInvitations(organisation?: string, inviter?: string) {
  const locale = useLocale();
  const list = useInfiniteQuery({
    queryKey: [KEY, organisation ?? "own", inviter ?? "all", locale],
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams();
      if (organisation !== undefined) query.set("organisation", organisation);
      if (inviter !== undefined) query.set("inviter", inviter);
      if (pageParam !== "") query.set("cursor", pageParam);
      const path = organisation === undefined ? OWN : SPONSORED;
      return call<Part>("GET", `${path}?${query.toString()}`, undefined, { signal });
    },
    initialPageParam: "",
    getNextPageParam: ({ next }) => next ?? undefined,
    // Guests answer, and time passes, while the page is open.
    refetchOnWindowFocus: "always",
  });
  return {
    items: list.data?.pages.flatMap((part) => part.items),
    error: list.error,
    retry: () => void list.refetch(),
    more: list.hasNextPage ? () => void list.fetchNextPage() : undefined,
    busy: list.isFetchingNextPage,
  };
}

/** What the reader may share. */
export function useShareable() {
  const locale = useLocale();
  return useQuery({
    queryKey: [KEY, "tools", locale],
    queryFn: ({ signal }) => call<Shareable>("GET", TOOLS, undefined, { signal }),
  });
}

function useAct<Input>(act: (input: Input) => Promise<Invitation>, done: (invitation: Invitation) => void) {
  const client = useQueryClient();
  return useMutation({
    networkMode: "always",
    mutationFn: act,
    onSuccess: done,
    onSettled: () => client.invalidateQueries({ queryKey: [KEY] }),
  });
}

/** Sends an invitation. */
export function useInvite(done: (invitation: Invitation) => void) {
  return useAct((body: NewInvitation) => call<Invitation>("POST", OWN, body), done);
}

/** Ends an invitation, or takes it back. */
export function useEnd(done: (invitation: Invitation) => void) {
  return useAct(({ id }: Invitation) => call<Invitation>("POST", `${OWN}/${id}/end`), done);
}

/** Takes a guest's second factor away. */
export function useResetFactor(done: (invitation: Invitation) => void) {
  return useAct(({ id }: Invitation) => call<Invitation>("POST", `${OWN}/${id}/reset-second-factor`), done);
}

/** Gives an invitation another end. */
export function useExtend(done: (invitation: Invitation) => void) {
  return useAct(
    ({ id, until }: { id: string; until: number }) => call<Invitation>("POST", `${OWN}/${id}/extend`, { until }),
    done,
  );
}
