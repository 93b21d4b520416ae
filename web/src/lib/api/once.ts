// A write whose answer was lost on the way is carried out once: who asks again, by the same button,
// gives the same key, and the server answers what it answered the first time.

const KEY_HEADER = "idempotency-key";
/** The server carries the same request out just now: it is asked again this often. */
const PATIENCE = 30;

/** The keys of writes of which it is not known what became of them, by what they ask. */
const unanswered = new Map<string, string>();

/** Sends a request; a POST of JSON, or of nothing, under a key. */
export async function once(request: Request, send: (request: Request) => Promise<Response>): Promise<Response> {
  if (!isKeyed(request)) return send(request);
  const what = `${request.url} ${await request.clone().text()}`;
  const key = unanswered.get(what) ?? newKey();
  unanswered.set(what, key);
  request.headers.set(KEY_HEADER, key);
  for (let attempt = 1; ; attempt += 1) {
    // One after the other: each waits for what became of the one before.
    // oxlint-disable-next-line no-await-in-loop
    const response = await send(request.clone());
    const seconds = response.status === 409 ? Number(response.headers.get("retry-after") ?? 0) : 0;
    if (!(seconds > 0)) {
      // Of a failure nobody knows what was done: the next try is of the same write.
      if (response.status < 500) unanswered.delete(what);
      return response;
    }
    if (attempt === PATIENCE) return response;
    // oxlint-disable-next-line no-await-in-loop
    await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
  }
}

function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function isKeyed(request: Request): boolean {
  if (request.method !== "POST") return false;
  const kind = request.headers.get("content-type");
  return kind === null || kind.startsWith("application/json");
}
