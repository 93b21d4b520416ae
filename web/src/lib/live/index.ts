// One stream a browser: the tab that holds the lock opens it and tells the others.

import { onLeave } from "../leaving.ts";
import { type Hint, type LiveEvents, openStream } from "./stream.ts";

export type { Hint, LiveEvents } from "./stream.ts";

const NAME = "besace-live";

/** What the leading tab tells the others. */
type Told = { readonly is: "hint"; readonly hint: Hint } | { readonly is: "resync" | "lost" };

/** Listens to the server's hints until the returned function is called, or the agent signs out. */
export function startLive(events: LiveEvents): () => void {
  const shared = "locks" in navigator && typeof BroadcastChannel !== "undefined";
  const stop = shared ? follow(events) : openStream(events);
  const forget = onLeave(stop);
  return () => {
    forget();
    stop();
  };
}

/** Leads when no other tab does, listens to the leader otherwise, and leads after it. */
function follow(events: LiveEvents): () => void {
  const channel = new BroadcastChannel(NAME);
  const stopped = new AbortController();
  const hear = (told: Told) => {
    if (told.is === "hint") events.hint(told.hint);
    else events[told.is]();
  };
  const both = (told: Told) => {
    // A channel, not a window: it has no target origin.
    // oxlint-disable-next-line unicorn/require-post-message-target-origin
    channel.postMessage(told);
    hear(told);
  };
  channel.addEventListener("message", ({ data }: MessageEvent<Told>) => hear(data));

  /** Holds the lock, and the stream, until this tab stops. */
  const lead = (missed: boolean) =>
    new Promise<void>((release) => {
      if (stopped.signal.aborted) return release();
      const close = openStream(
        {
          hint: (hint) => both({ is: "hint", hint }),
          resync: () => both({ is: "resync" }),
          lost: () => both({ is: "lost" }),
        },
        missed,
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
