import { type ReactNode, type RefObject, useEffect, useId, useRef } from "react";

import { Icon } from "./Icon.tsx";

interface DialogProps {
  open: boolean;
  title: string;
  closeLabel: string;
  /** Where the focus goes back: the control that opened the dialog. */
  opener: RefObject<HTMLElement | null>;
  onClose: () => void;
  children: ReactNode;
}

/** A modal dialog on the platform's own `<dialog>`; Escape, the cross and the backdrop close it. */
export function Dialog({ open, title, closeLabel, opener, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();

  useEffect(() => {
    const element = dialog.current;
    if (element === null) return;
    if (open && !element.open) element.showModal();
    if (!open && element.open) element.close();
  }, [open]);

  const closed = () => {
    onClose();
    opener.current?.focus();
  };

  return (
    // The backdrop is a way to close for the mouse only: the keyboard has Escape and the cross.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions
    <dialog
      ref={dialog}
      className="bs-dialog"
      aria-labelledby={heading}
      onClose={closed}
      onClick={(event) => {
        if (event.target === event.currentTarget) dialog.current?.close();
      }}
    >
      <div className="bs-dialog__box">
        <div className="bs-dialog__head">
          <h2 id={heading}>{title}</h2>
          <button type="button" className="bs-icon-btn" aria-label={closeLabel} onClick={() => dialog.current?.close()}>
            <Icon name="close-line" />
          </button>
        </div>
        {children}
      </div>
    </dialog>
  );
}
