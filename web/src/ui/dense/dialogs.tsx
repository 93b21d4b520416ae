import { type ReactNode, type RefObject, useEffect, useId, useRef } from "react";

import { Button } from "../Button.tsx";
import { Dialog } from "../Dialog.tsx";
import { ActButton } from "./ActButton.tsx";

interface ConfirmDialogProps {
  open: boolean;
  title: string;
  /** Says the result, with its count. */
  confirmLabel: string;
  cancelLabel: string;
  closeLabel: string;
  opener: RefObject<HTMLElement | null>;
  busy?: boolean;
  onConfirm: () => void;
  onClose: () => void;
  children: ReactNode;
}

/** An act whose consequence is named before it happens. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { open, title, confirmLabel, cancelLabel, closeLabel, opener, busy = false, onConfirm, onClose, children } = props;
  return (
    <Dialog open={open} title={title} closeLabel={closeLabel} opener={opener} onClose={onClose}>
      {open ? (
        <>
          {children}
          <div className="bs-actions bs-actions--end">
            <Button kind="tertiary" onClick={onClose}>
              {cancelLabel}
            </Button>
            <ActButton kind="primary" off={busy} onClick={onConfirm}>
              {confirmLabel}
            </ActButton>
          </div>
        </>
      ) : null}
    </Dialog>
  );
}

interface FirmDialogProps {
  title: string;
  /** The only way to close it. */
  doneLabel: string;
  onDone: () => void;
  children: ReactNode;
}

/** What will never be shown again: only its own button closes it, not Escape, not a click beside it. */
export function FirmDialog({ title, doneLabel, onDone, children }: FirmDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const acknowledged = useRef(false);
  const heading = useId();
  useEffect(() => {
    const element = dialog.current;
    if (element !== null && !element.open) element.showModal();
  }, []);
  return (
    <dialog
      ref={dialog}
      className="bs-dialog"
      aria-labelledby={heading}
      onCancel={(event) => event.preventDefault()}
      // A browser may close it on a second Escape all the same.
      onClose={() => {
        if (!acknowledged.current) dialog.current?.showModal();
      }}
    >
      <div className="bs-dialog__box">
        <div className="bs-dialog__head">
          <h2 id={heading}>{title}</h2>
        </div>
        {children}
        <div className="bs-actions bs-actions--end">
          <Button
            kind="primary"
            onClick={() => {
              acknowledged.current = true;
              dialog.current?.close();
              onDone();
            }}
          >
            {doneLabel}
          </Button>
        </div>
      </div>
    </dialog>
  );
}
