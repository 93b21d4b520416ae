import { useEffect, useRef, useState } from "react";

import { dismiss, type Note, UNDO_MS, useVoice } from "../lib/notes.ts";
import { Icon } from "./Icon.tsx";

interface NotesProps {
  undoLabel: string;
  closeLabel: string;
  regionLabel: string;
}

/** What has just been done and its way back, at the foot of the page; and the page's announcer. */
export function Notes({ undoLabel, closeLabel, regionLabel }: NotesProps) {
  const { note, said } = useVoice();
  return (
    <>
      <div className="bs-sr" role="status">
        {said}
      </div>
      <section className="bs-notes" aria-label={regionLabel} aria-live="polite">
        {note === undefined ? null : <OneNote key={note.id} note={note} undoLabel={undoLabel} closeLabel={closeLabel} />}
      </section>
    </>
  );
}

/** It leaves after ten seconds, but not while somebody is on it. */
function OneNote({ note, undoLabel, closeLabel }: { note: Note; undoLabel: string; closeLabel: string }) {
  const [held, setHeld] = useState(false);
  const before = useRef<Element | null>(null);
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(() => dismiss(note.id), UNDO_MS);
    return () => clearTimeout(timer);
  }, [held, note.id]);

  const close = () => {
    dismiss(note.id);
    if (before.current instanceof HTMLElement && before.current.isConnected) before.current.focus();
    else document.querySelector<HTMLElement>("#main")?.focus();
  };
  return (
    // Held while the pointer or the focus is on it: the keyboard has the same time as the mouse.
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <div
      className={note.failed ? "bs-note bs-note--failed" : "bs-note"}
      onMouseEnter={() => setHeld(true)}
      onMouseLeave={() => setHeld(false)}
      onFocus={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) before.current = event.relatedTarget;
        setHeld(true);
      }}
      onBlur={() => setHeld(false)}
    >
      <Icon name={note.failed ? "alert-line" : "check-line"} />
      <p>{note.text}</p>
      {note.undo === undefined ? null : (
        <button
          type="button"
          className="bs-link"
          onClick={() => {
            note.undo?.();
            close();
          }}
        >
          {undoLabel}
        </button>
      )}
      <button type="button" className="bs-icon-btn" aria-label={closeLabel} onClick={close}>
        <Icon name="close-line" />
      </button>
    </div>
  );
}
