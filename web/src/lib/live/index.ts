// One stream a browser: the tab that holds the lock opens it and tells the others.

import { onLeave } from "../leaving.ts";
import { isAfter, takePlace } from "./place.ts";
import { type Hint, type LiveEvents, openStream } from "./stream.ts";

export type { Hint, LiveEvents } from "./stream.ts";

const NAME = "besace-live";

/** What the leading tab tells the others. */
type Told = { readonly is: "hint"; readonly hint: Hint } | { readonly is: "resync" | "lost" };
/** What a new tab tells the leading one: what was said after this place may have escaped it. */
type Asked = { readonly is: "after"; readonly place: string };

/** Listens to the server's hints until the returned function is called, or the agent signs out. */
export function startLive(events: LiveEvents): () => void {
  const shared = "locks" in navigator && typeof BroadcastChannel !== "undefined";
  const place = takePlace();
  const stop = shared ? follow(events, place) : openStream(events, false, place);
  const forget = onLeave(stop);
  return () => {
    forget();
    stop();
  };
}

/** Leads when no other tab does, listens to the leader otherwise, and leads after it. */
function follow(events: LiveEvents, place: string | undefined): () => void {
  const channel = new BroadcastChannel(NAME);
  const stopped = new AbortController();
  /** The last hint of each topic, while this tab leads. */
  const heard = new Map<string, Hint>();
  let leads = false;
  const hear = (told: Told) => {
    if (told.is === "hint") events.hint(told.hint);
    else events[told.is]();
  };
  const tell = (told: Told | Asked) => {
    // A channel, not a window: it has no target origin.
    // oxlint-disable-next-line unicorn/require-post-message-target-origin
    channel.postMessage(told);
  };
  const both = (told: Told) => {
    if (told.is === "hint") heard.set(told.hint.topic, told.hint);
    tell(told);
    hear(told);
  };
  channel.addEventListener("message", ({ data }: MessageEvent<Told | Asked>) => {
    if (data.is !== "after") return hear(data);
    if (leads) for (const hint of heard.values()) if (isAfter(hint.place, data.place)) tell({ is: "hint", hint });
  });

  /** Holds the lock, and the stream, until this tab stops. */
  const lead = (missed: boolean) =>
    new Promise<void>((release) => {
      if (stopped.signal.aborted) return release();
      leads = true;
      const close = openStream(
        {
          hint: (hint) => both({ is: "hint", hint }),
          resync: () => both({ is: "resync" }),
          lost: () => both({ is: "lost" }),
        },
        missed,
        missed ? undefined : place,
      );
      stopped.signal.addEventListener("abort", () => {
        close();
        release();
      });
    });

  const take = async () => {
    const led = await navigator.locks.request(NAME, { ifAvailable: true }, async (lock) => {
      if (lock !== null) await lead(false);
      return lock !== null;
    });
    if (!led && place !== undefined) tell({ is: "after", place });
    // Another tab leads: this one waits, and what was said between two leaders is missed.
    if (!led) await navigator.locks.request(NAME, { signal: stopped.signal }, () => lead(true));
  };
  take().catch(() => {
    // Locks may be refused (a frame without an origin): a stream of its own then.
    if (!stopped.signal.aborted) void lead(false);
  });

  return () => {
    stopped.abort();
    channel.close();
  };
}
