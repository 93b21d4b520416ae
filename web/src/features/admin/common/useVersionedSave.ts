import { useRef, useState } from "react";

import { isConflict, type Tagged } from "../api/call.ts";
import { useAct } from "../api/hooks.ts";

interface VersionedSave<Form, Data> {
  /** Sends a version, saying from which one it started. */
  put: (form: Form, tag: string | undefined) => Promise<Tagged<Data>>;
  /** Reads what the server holds now. */
  reload: () => Promise<{ form: Form; tag: string | undefined }>;
}

/** What is sent, and from what it started. */
export interface Writing<Form> {
  form: Form;
  base: Form;
  tag: string | undefined;
}

/** Saves a form; when somebody saved meanwhile, both versions stand in `conflict`. */
export function useVersionedSave<Form, Data>({ put, reload }: VersionedSave<Form, Data>) {
  const [conflict, setConflict] = useState<{ mine: Form; theirs: Form; base: Form; tag: string | undefined }>();
  const opener = useRef<HTMLElement>(null);
  const act = useAct(async ({ form, base, tag }: Writing<Form>) => {
    try {
      return (await put(form, tag)).data;
    } catch (error) {
      if (!isConflict(error)) throw error;
      const theirs = await reload();
      // What the form holds was not touched: something else of the same thing was, its state say.
      if (JSON.stringify(theirs.form) === JSON.stringify(base)) return (await put(form, theirs.tag)).data;
      setConflict({ mine: form, theirs: theirs.form, base, tag: theirs.tag });
      return undefined;
    }
  });
  return {
    conflict,
    opener,
    error: act.error,
    busy: act.isPending,
    /** What was saved; nothing when it failed or when both versions have to be compared. */
    save: async (writing: Writing<Form>): Promise<Data | undefined> => {
      opener.current = document.activeElement instanceof HTMLElement ? document.activeElement : null;
      return act.mutateAsync(writing).catch(() => undefined);
    },
    endConflict: () => setConflict(undefined),
  };
}
