import { ApiFailure, failureOf } from "../../../lib/api/problem.ts";
import { goToSignIn } from "../../../lib/navigation.ts";

/** What came, and its version for a later edit. */
export interface Tagged<Data> {
  data: Data;
  tag: string | undefined;
}

export interface Send {
  method: "POST" | "PUT" | "DELETE";
  path: string;
  /** JSON, or a file as it is. */
  body?: unknown;
  /** The version that an edit starts from. */
  ifMatch?: string | undefined;
  /** The session's proof that the page is ours. */
  csrf: string;
}

/** Reads a resource. */
export function read<Data>(path: string, signal?: AbortSignal): Promise<Tagged<Data>> {
  return answer<Data>(new Request(new URL(path, location.origin), { credentials: "same-origin", signal: signal ?? null }));
}

/** Writes something. An answer without content is `undefined`. */
export function send<Data>({ method, path, body, ifMatch, csrf }: Send): Promise<Tagged<Data>> {
  const headers = new Headers({ accept: "application/json", "x-besace-csrf": csrf });
  if (ifMatch !== undefined) headers.set("if-match", ifMatch);
  const raw = body instanceof Blob;
  if (body !== undefined) headers.set("content-type", raw ? "text/csv" : "application/json");
  return answer<Data>(
    new Request(new URL(path, location.origin), {
      method,
      headers,
      credentials: "same-origin",
      body: body === undefined ? null : raw ? body : JSON.stringify(body),
    }),
  );
}

async function answer<Data>(request: Request): Promise<Tagged<Data>> {
  let response: Response;
  try {
    response = await fetch(request);
  } catch (error) {
    if (request.signal.aborted) throw error;
    throw new ApiFailure("unreachable");
  }
  const text = await response.text();
  if (response.ok) {
    return { data: (text === "" ? undefined : JSON.parse(text)) as Data, tag: response.headers.get("etag") ?? undefined };
  }
  const failure = failureOf(response.status, parsed(text));
  if (failure.kind === "signed-out") goToSignIn();
  throw failure;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
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
