import { type RefObject, useEffect } from "react";

/** Moves the focus to the title of the page: what had it is gone. */
export function focusTitle(): void {
  document.querySelector<HTMLElement>("main h1")?.focus();
}

/** Gives the focus back when a dialog leaves the page, to its opener if it is still there. */
export function useReturnFocus(opener: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = opener.current;
    return () =>
      queueMicrotask(() => {
        if (element?.isConnected) element.focus();
        else focusTitle();
      });
  }, [opener]);
}

/** Moves the focus to the first field to mend, once the faults are on the page. */
export function focusFirstFault(): void {
  setTimeout(() => document.querySelector<HTMLElement>("main [aria-invalid=true]")?.focus());
}
