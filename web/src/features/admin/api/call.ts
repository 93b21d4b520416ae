import { callTagged, type Tagged } from "../../../lib/api/shapes.ts";
import { ApiFailure } from "../../../lib/api/problem.ts";

export type { Tagged } from "../../../lib/api/shapes.ts";

export interface Send {
  method: "POST" | "PUT" | "DELETE";
  path: string;
  /** JSON, or a file as it is. */
  body?: unknown;
  /** The version that an edit starts from. */
  ifMatch?: string | undefined;
}

/** Reads a resource. */
export function read<Data>(path: string, signal?: AbortSignal): Promise<Tagged<Data>> {
  return callTagged<Data>("GET", path, undefined, signal === undefined ? {} : { signal });
}

/** Writes something. An answer without content is `undefined`. */
export function send<Data>({ method, path, body, ifMatch }: Send): Promise<Tagged<Data>> {
  return callTagged<Data>(method, path, body, ifMatch === undefined ? {} : { ifMatch });
}

/** Whether the server holds a newer version than the one an edit started from. */
export function isConflict(error: unknown): boolean {
  return error instanceof ApiFailure && error.problem?.status === 412;
}

/** The query part of an address, without what is not said. */
export function query(values: Record<string, string | undefined>): string {
  const pairs = Object.entries(values).filter((pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== "");
  return pairs.length === 0 ? "" : `?${new URLSearchParams(pairs).toString()}`;
}
