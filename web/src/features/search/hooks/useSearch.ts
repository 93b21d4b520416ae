import { useEffect, useState } from "react";

import { ApiFailure } from "../../../lib/api/problem.ts";
import { search, type SourceResult } from "../api/search.ts";

const PAUSE_MS = 120;
/** A search of one letter finds everything and nothing. */
const SHORTEST = 2;

export interface Found {
  /** What the results answer. */
  readonly words: string;
  readonly sources: readonly SourceResult[];
  readonly state: "idle" | "searching" | "done" | "failed";
}

const NOTHING: Found = { words: "", sources: [], state: "idle" };

/**
 * The results of what is being typed. A new word cuts the request before; its results stay until
 * the first new ones come, so that the list does not blink.
 */
export function useSearch(typed: string): Found & { again: () => void } {
  const words = typed.trim();
  const [found, setFound] = useState<Found>(NOTHING);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    if (words.length < SHORTEST) return;
    const cut = new AbortController();
    const timer = setTimeout(async () => {
      let sources: SourceResult[] = [];
      setFound((before) => ({ ...before, state: "searching" }));
      try {
        await search(words, cut.signal, (result) => {
          if (cut.signal.aborted) return;
          sources = [...sources.filter(({ source }) => source !== result.source), result];
          setFound({ words, sources, state: "searching" });
        });
        if (!cut.signal.aborted) setFound({ words, sources, state: "done" });
      } catch (error) {
        if (cut.signal.aborted) return;
        if (!(error instanceof ApiFailure)) throw error;
        setFound({ words, sources, state: "failed" });
      }
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      cut.abort();
    };
    // `attempt`: the same words once more.
    // oxlint-disable-next-line react/exhaustive-effect-dependencies
  }, [words, attempt]);
  const shown = words.length < SHORTEST ? NOTHING : found;
  return { ...shown, again: () => setAttempt((count) => count + 1) };
}
