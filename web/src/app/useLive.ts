import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

import { useSession } from "../features/identity/index.ts";

/** What a topic makes old, beside the queries that bear its name. */
const ALSO: Readonly<Record<string, readonly string[]>> = {
  // Notices with an end stand under *Maintenant*, counts and announcements on the home page too.
  inbox: ["home"],
  announcements: ["home"],
  badges: ["home"],
  requests: ["admin"],
  import: ["admin"],
};

/** A hint to everybody is not answered by everybody at once, and still shown within a second. */
const SPREAD_MS = 700;
/** What is said to one agent is not: it is shown at once. */
const TO_ONE: ReadonlySet<string> = new Set(["inbox", "badges"]);

/** Asks again for what a topic makes old: now what is seen, later what is not. */
export function refresh(client: QueryClient, topic: string): void {
  const refetchType = document.visibilityState === "visible" ? "active" : "none";
  for (const key of [topic, ...(ALSO[topic] ?? [])]) {
    void client.invalidateQueries({ queryKey: [key], refetchType });
  }
}

/** Keeps the page up to date by the server's hints, while somebody is signed in. */
export function useLive(): void {
  const client = useQueryClient();
  const agent = useSession().data?.agent.id;
  useEffect(() => {
    if (agent === undefined) return;
    let ended = false;
    let stop: (() => void) | undefined;
    const waiting = new Map<string, ReturnType<typeof setTimeout>>();
    const start = async () => {
      // Not needed for the first paint.
      const { startLive } = await import("../lib/live/index.ts");
      if (ended) return;
      stop = startLive({
        hint: ({ topic }) => {
          if (waiting.has(topic)) return;
          const later = () => {
            waiting.delete(topic);
            refresh(client, topic);
          };
          waiting.set(topic, setTimeout(later, TO_ONE.has(topic) ? 0 : Math.random() * SPREAD_MS));
        },
        resync: () => void client.invalidateQueries(),
        lost: () => void client.invalidateQueries({ queryKey: ["session"] }),
      });
    };
    start().catch(() => undefined);
    return () => {
      ended = true;
      stop?.();
      for (const timer of waiting.values()) clearTimeout(timer);
    };
  }, [agent, client]);
}
