// One stream of hints from the server, opened again for as long as somebody listens.

/** Something changed: whoever shows it asks for it again. */
export interface Hint {
  readonly topic: string;
  readonly version: number;
  /** Its place among the hints of the process that said it. */
  readonly place: string;
}

/** What a listener is told. */
export interface LiveEvents {
  hint(hint: Hint): void;
  /** Hints may have been missed: everything shown is asked for again. */
  resync(): void;
  /** The server closed or refused the stream: the session may be over. */
  lost(): void;
}

const ADDRESS = "/api/v1/live";
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

/** How long to wait before attempt `n` (from 0): doubled each time, half of it by chance so that a restart of the server is not met by everybody at once. */
export function waitBefore(attempt: number, chance: number): number {
  const longest = Math.min(FIRST_WAIT_MS * 2 ** attempt, LONGEST_WAIT_MS);
  return longest / 2 + (longest / 2) * chance;
}

/**
 * Opens the stream. `missed`: hints may have been missed before. `after`: the place from which they
 * are wanted at first. Returns how to close it.
 */
export function openStream(events: LiveEvents, missed = false, after?: string): () => void {
  if (typeof EventSource === "undefined") return () => undefined;
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let attempts = 0;
  let mayHaveMissed = missed;
  let place = after;

  const connect = () => {
    clearTimeout(timer);
    timer = undefined;
    const stream = new EventSource(place === undefined ? ADDRESS : `${ADDRESS}?after=${encodeURIComponent(place)}`);
    // A stream of ours that is opened again has everything asked for again.
    place = undefined;
    source = stream;
    stream.addEventListener("open", () => {
      attempts = 0;
      if (mayHaveMissed) events.resync();
      // The browser's own reconnection says where it stopped: the server then says what was missed.
      mayHaveMissed = false;
    });
    stream.addEventListener("hint", (event) => {
      const hint = readHint(event.data, event.lastEventId);
      if (hint !== undefined) events.hint(hint);
    });
    stream.addEventListener("resync", () => events.resync());
    // The session is over: whoever listens asks who is signed in, without waiting for a refusal.
    stream.addEventListener("end", () => events.lost());
    stream.addEventListener("error", () => {
      // Still connecting: the browser tries again by itself.
      if (stream.readyState !== EventSource.CLOSED) return;
      mayHaveMissed = true;
      timer = setTimeout(connect, waitBefore(attempts, Math.random()));
      attempts += 1;
      events.lost();
    });
  };
  const hurry = () => {
    if (timer !== undefined) connect();
  };

  connect();
  addEventListener("online", hurry);
  return () => {
    removeEventListener("online", hurry);
    clearTimeout(timer);
    source?.close();
  };
}

function readHint(data: unknown, place: string): Hint | undefined {
  try {
    const hint: unknown = JSON.parse(String(data));
    if (typeof hint !== "object" || hint === null || !("topic" in hint) || typeof hint.topic !== "string") return undefined;
    return { topic: hint.topic, version: "version" in hint ? Number(hint.version) : 0, place };
  } catch {
    return undefined;
  }
}
