// Whether what is read comes from the server, or from the copy that the service worker keeps.

import { useSyncExternalStore } from "react";

import { COPY_HEADER } from "../../sw/protocol.ts";

export interface Network {
  /** Without network or without server since then, by the browser's clock; none: all is well. */
  readonly since: number | undefined;
  /** When the copy on the page was taken. */
  readonly copy: number | undefined;
}

const WELL: Network = { since: undefined, copy: undefined };
let state: Network = WELL;
const listeners = new Set<() => void>();

function become(next: Network): void {
  if (next.since === state.since && next.copy === state.copy) return;
  state = next;
  for (const listener of listeners) listener();
}

/** Reads an answer's origin. An answer of the server ends the outage. */
export function noteAnswer(response: Response): void {
  const copy = copyTime(response);
  if (copy !== undefined) become({ since: state.since ?? Date.now(), copy: Math.min(copy, state.copy ?? copy) });
  else if (navigator.onLine) become(WELL);
}

/** When the copy that this answer is was taken; none: the server's own answer. */
export function copyTime(response: Response): number | undefined {
  const taken = Number(response.headers.get(COPY_HEADER) ?? Number.NaN);
  return Number.isFinite(taken) ? taken : undefined;
}

addEventListener("offline", () => become({ ...state, since: state.since ?? Date.now() }));
addEventListener("online", () => become(WELL));

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The state of the network, as the last answers show it. */
export function useNetwork(): Network {
  return useSyncExternalStore(subscribe, () => state);
}
