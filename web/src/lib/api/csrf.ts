// The token that each write sends back. It comes with the session and is kept for the page only.

let token: string | undefined;

/** Keeps the token of the session just read. */
export function rememberCsrf(fresh: string): void {
  token = fresh;
}

/** The kept token is worth nothing any more. */
export function forgetCsrf(): void {
  token = undefined;
}

/** The session's token; asks for the session when it is not known yet. Empty: nobody is signed in. */
export async function csrfToken(): Promise<string> {
  if (token !== undefined) return token;
  const answer = await fetch(new Request(new URL("/api/v1/session", location.origin), { credentials: "same-origin" }));
  if (!answer.ok) return "";
  const session = (await answer.json()) as { csrfToken: string };
  rememberCsrf(session.csrfToken);
  return session.csrfToken;
}
