// The API's shapes as the application reads them, held against the server's by fits.ts, and the
// call for paths that are made while the program runs.

import { goToSignIn } from "../navigation.ts";
import { csrfToken, forgetCsrf } from "./csrf.ts";
import { noteAnswer } from "./network.ts";
import { ApiFailure, failureOf } from "./problem.ts";

/** An administration, by name. */
export interface Organisation {
  readonly id: string;
  readonly label: string;
}

/** A right of the agent signed in. */
export interface Grant {
  readonly role: string;
  readonly organisation?: Organisation | null;
  readonly subtree?: boolean;
}

/** One line under *Maintenant*. Times in UTC milliseconds. */
export interface NowItem {
  readonly id: string;
  readonly source: string;
  readonly at?: number | null;
  readonly until: number;
  readonly title: string;
  readonly detail?: string | null;
  readonly icon: string;
  readonly action: string;
  readonly link: string;
}

export type Severity = "info" | "event" | "important" | "disturbance";

/** Something an administration says to its agents. */
export interface Announcement {
  readonly id: string;
  readonly title: string;
  readonly body: string;
  readonly severity: Severity;
  readonly organisation: Organisation;
  readonly publishedAt: number;
  readonly until?: number | null;
  readonly mustConfirm: boolean;
  readonly readAt?: number | null;
  readonly link?: string | null;
}

/** A part of a list; `next` is the cursor of the part after it. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next?: string | null;
}

/** Something a tool told the agent. */
export interface Notice {
  readonly id: string;
  readonly source: string;
  readonly sourceName: string;
  readonly kind: string;
  readonly urgency: "low" | "normal" | "urgent";
  readonly title: string;
  readonly detail?: string | null;
  readonly link?: string | null;
  readonly action?: string | null;
  readonly until?: number | null;
  readonly at: number;
  readonly readAt?: number | null;
}

export interface InboxPart extends Page<Notice> {
  /** How many are unread, on this page or not. */
  readonly unread: number;
}

/** Who tells the agent something; `source` as the settings name it. */
export interface InboxSource {
  readonly source: string;
  readonly sourceName: string;
}

/** An agent, as colleagues see them. */
export interface Person {
  readonly id: string;
  readonly givenName: string;
  readonly usualName: string;
  readonly displayName: string;
  readonly initials: string;
  readonly email: string;
  readonly organisation: Organisation;
  readonly unit?: string | null;
  readonly population?: string | null;
  readonly phone?: string | null;
}

/** Silence of one day: from an hour to another (over midnight when the first is later), the whole day, or none. */
export type QuietDay = { readonly from: string; readonly to: string } | { readonly allDay: true } | null;

export interface Settings {
  readonly zone: string;
  readonly quietHours: { readonly days: readonly QuietDay[] };
  readonly muteUntil?: number | null;
  readonly allowUrgent: boolean;
  readonly digest: "none" | "daily" | "weekly";
  readonly digestAt: string;
  readonly mutedSources?: readonly string[];
}

/** A wish of the agent, and what became of it. */
export interface ToolRequest {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly url?: string | null;
  readonly purpose?: string | null;
  readonly state: string;
  readonly reason?: string | null;
  readonly at: number;
}

/** One line of a search's answer: a source that has ended. */
export interface SourceResult {
  readonly source: string;
  readonly title: string;
  readonly state: "complete" | "failed" | "late";
  readonly hits: readonly SearchHit[];
}

export interface SearchHit {
  readonly id: string;
  readonly title: string;
  readonly detail?: string | null;
  readonly icon?: string | null;
  readonly link: string;
}

type Method = "GET" | "PUT" | "POST" | "DELETE";

interface CallOptions {
  readonly signal?: AbortSignal;
  /** The request outlives the page. */
  readonly keepalive?: boolean;
  /** The version that an edit starts from. */
  readonly ifMatch?: string;
}

/** What came, and its version for a later edit. */
export interface Tagged<Data> {
  readonly data: Data;
  readonly tag: string | undefined;
}

/**
 * Calls the API and reads its JSON. A write carries the session's token; when it has become old
 * (signed in again in another tab), a new one is asked for and the write tried once more.
 */
export async function call<Data>(method: Method, path: string, body?: unknown, options: CallOptions = {}): Promise<Data> {
  return (await callTagged<Data>(method, path, body, options)).data;
}

/** As {@link call}, with the answer's entity tag. */
export async function callTagged<Data>(
  method: Method,
  path: string,
  body?: unknown,
  options: CallOptions = {},
): Promise<Tagged<Data>> {
  try {
    return await attempt<Data>(method, path, body, options);
  } catch (error) {
    if (!(error instanceof ApiFailure) || !isOldToken(error)) throw error;
    forgetCsrf();
    return attempt<Data>(method, path, body, options);
  }
}

async function attempt<Data>(method: Method, path: string, body: unknown, options: CallOptions): Promise<Tagged<Data>> {
  const headers = new Headers({ accept: "application/json" });
  if (method !== "GET") headers.set("x-besace-csrf", await csrfToken());
  // A file goes as it is.
  const file = body instanceof Blob ? body : undefined;
  if (body !== undefined) headers.set("content-type", file === undefined ? "application/json" : "text/csv");
  if (options.ifMatch !== undefined) headers.set("if-match", options.ifMatch);
  const request = new Request(new URL(path, location.origin), {
    method,
    headers,
    credentials: "same-origin",
    body: file ?? (body === undefined ? null : JSON.stringify(body)),
    keepalive: options.keepalive ?? false,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  let response: Response;
  try {
    response = await fetch(request);
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new ApiFailure("unreachable");
  }
  noteAnswer(response);
  if (!response.ok) throw await refusal(response);
  const text = await response.text();
  const data = (text === "" ? undefined : JSON.parse(text)) as Data;
  return { data, tag: response.headers.get("etag") ?? undefined };
}

/** What a refused answer says; a session that is over sends to the sign-in page. */
export async function refusal(response: Response): Promise<ApiFailure> {
  const body: unknown = await response.json().catch(() => undefined);
  const failure = failureOf(response.status, body);
  if (failure.kind === "signed-out") goToSignIn();
  return failure;
}

function isOldToken(failure: ApiFailure): boolean {
  return failure.problem?.status === 403 && failure.problem.type.endsWith("csrf");
}
