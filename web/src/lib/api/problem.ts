/** What the server says of a refusal (RFC 9457), title and detail in the reader's language. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly requestId?: string;
  /** What stands now, when an edit started from an older version (412). */
  readonly current?: unknown;
  /** The account that an address has already, when one may see it (409). */
  readonly account?: string;
}

/** What the reader can be told about a failure. */
export type FailureKind = "unreachable" | "signed-out" | "refused" | "broken";

/** A request that brought nothing. */
export class ApiFailure extends Error {
  readonly kind: FailureKind;
  readonly problem: Problem | undefined;

  constructor(kind: FailureKind, problem?: Problem) {
    super(problem?.title ?? kind);
    this.name = "ApiFailure";
    this.kind = kind;
    this.problem = problem;
  }
}

/** Reads a failed answer: RFC 9457 when it is one, its status otherwise. */
export function failureOf(status: number, body: unknown): ApiFailure {
  const problem = isProblem(body) ? body : undefined;
  if (status === 401) return new ApiFailure("signed-out", problem);
  if (status === 403) return new ApiFailure("refused", problem);
  // A gateway in front of us answers these when we do not.
  if (problem === undefined && status >= 502) return new ApiFailure("unreachable");
  return new ApiFailure("broken", problem);
}

function isProblem(body: unknown): body is Problem {
  return typeof body === "object" && body !== null && "title" in body && typeof body.title === "string";
}
