// What has just been done, with a way back: one note at a time, and one announcer for the page.

import { useSyncExternalStore } from "react";

/** How long an act can be taken back, milliseconds. */
export const UNDO_MS = 10_000;

export interface Note {
  readonly id: number;
  readonly text: string;
  readonly failed: boolean;
  readonly undo: (() => void) | undefined;
}

interface Voice {
  readonly note: Note | undefined;
  /** Said by screen readers only. */
  readonly said: string;
}

let voice: Voice = { note: undefined, said: "" };
let count = 0;
const listeners = new Set<() => void>();

function become(next: Voice): void {
  voice = next;
  for (const listener of listeners) listener();
}

/** Shows what was done, with how to undo it. It replaces the note before. */
export function tell(text: string, undo?: () => void): void {
  count += 1;
  become({ ...voice, note: { id: count, text, undo, failed: false } });
}

/** Shows what could not be done. */
export function tellFailure(text: string): void {
  count += 1;
  become({ ...voice, note: { id: count, text, undo: undefined, failed: true } });
}

/** Takes the note away, if it is still this one. */
export function dismiss(id: number): void {
  if (voice.note?.id === id) become({ ...voice, note: undefined });
}

/** Says something to screen readers, without showing it. */
export function announce(text: string): void {
  // The same sentence twice in a row is said twice: a mark that is not spoken makes it new.
  become({ ...voice, said: voice.said === text ? `${text}\u200b` : text });
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The current note and announcement. */
export function useVoice(): Voice {
  return useSyncExternalStore(subscribe, () => voice);
}
