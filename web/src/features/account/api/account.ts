import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { type AnswerOf, api, dataOf } from "../../../lib/api/client.ts";
import { call } from "../../../lib/api/shapes.ts";

const SESSIONS = "/api/v1/account/sessions";
const APPLICATIONS = "/api/v1/account/applications";

/** Where the file of everything comes from. */
export const EXPORT = "/api/v1/account/export";

export type OwnSession = AnswerOf<typeof SESSIONS>["items"][number];
export type OwnApplication = AnswerOf<typeof APPLICATIONS>["items"][number];

/** Where the reader is signed in. Asked again when the window comes back: another device may have changed it. */
export function useSessions() {
  return useQuery({
    queryKey: ["account", "sessions"],
    queryFn: ({ signal }) => dataOf(api.GET(SESSIONS, { signal })),
    refetchOnWindowFocus: "always",
  });
}

/** What applications received of the reader. */
export function useApplications() {
  return useQuery({
    queryKey: ["account", "applications"],
    queryFn: ({ signal }) => dataOf(api.GET(APPLICATIONS, { signal })),
  });
}

export interface Told<Input> {
  done: (input: Input) => void;
  failed: () => void;
}

/** An act on the account: what is shown of it is asked again, whatever came of it. */
export function useAct<Input>(topic: string, act: (input: Input) => Promise<unknown>, { done, failed }: Told<Input>) {
  const client = useQueryClient();
  return useMutation({
    networkMode: "always",
    mutationFn: act,
    onSuccess: (_, input) => done(input),
    onError: failed,
    onSettled: () => client.invalidateQueries({ queryKey: ["account", topic] }),
  });
}

/** Ends a session, or all others when none is named. */
export function useEndSession(told: Told<OwnSession | undefined>) {
  const end = (session: OwnSession | undefined) =>
    call("DELETE", session === undefined ? SESSIONS : `${SESSIONS}/${session.id}`);
  return useAct("sessions", end, told);
}

/** Takes back what an application received. */
export function useWithdraw(told: Told<OwnApplication>) {
  const withdraw = ({ clientId }: OwnApplication) => call("DELETE", `${APPLICATIONS}/${encodeURIComponent(clientId)}`);
  return useAct("applications", withdraw, told);
}
