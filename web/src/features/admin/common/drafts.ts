import { useEffect, useState } from "react";

import { forgetDrafts } from "../../../lib/draft.ts";
import { onLeave } from "../../../lib/leaving.ts";

/** What is being written, kept on this machine until it is saved. */
interface Kept<Form> {
  form: Form;
  /** The version that the writing started from. */
  base: Form;
  tag: string | undefined;
  at: number;
}

/** Under the prefix of every draft: signing out forgets them. */
const PREFIX = "besace-draft/admin";

/** Where a draft is kept: by agent, so that a shared machine mixes nobody's. */
export function draftKey(agent: string, kind: string, id: string): string {
  return `${PREFIX}/${agent}/${kind}/${id}`;
}

function kept<Form>(key: string): Kept<Form> | undefined {
  try {
    const text = localStorage.getItem(key);
    return text === null ? undefined : (JSON.parse(text) as Kept<Form>);
  } catch {
    return undefined;
  }
}

function keep<Form>(key: string, draft: Kept<Form> | undefined): void {
  try {
    if (draft === undefined) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(draft));
  } catch {
    // Storage may be refused or full: the draft then lives as long as the page.
  }
}

/**
 * A form over what the server holds: `saved` until something is written, then the draft, which
 * survives a reload. The draft keeps the version it started from, so that a change made by
 * somebody else meanwhile is seen when it is sent.
 */
export function useDraft<Form extends object>(key: string, saved: Form, tag: string | undefined) {
  useEffect(() => onLeave(forgetDrafts), []);
  const [draft, setDraft] = useState(() => kept<Form>(key));
  const [recovered, setRecovered] = useState(draft !== undefined);
  const put = (next: Kept<Form> | undefined) => {
    keep(key, next);
    setDraft(next);
  };
  const form = draft === undefined ? saved : { ...saved, ...draft.form };
  const base = draft?.base ?? saved;
  return {
    form,
    base,
    tag: draft?.tag ?? tag,
    /** When the draft found at the start was last written; none: nothing was found. */
    recoveredAt: recovered ? draft?.at : undefined,
    dirty: draft !== undefined,
    change: (patch: Partial<Form>) => put({ form: { ...form, ...patch }, base, tag: draft?.tag ?? tag, at: Date.now() }),
    /** Starts again from another version. */
    rebase: (next: Form, from: { form: Form; tag: string | undefined }) =>
      put({ form: next, base: from.form, tag: from.tag, at: Date.now() }),
    clear: () => {
      setRecovered(false);
      put(undefined);
    },
  };
}
