import type { ReactNode } from "react";

/**
 * A panel under the bar, on the platform's own popover: it closes by Escape or a click elsewhere
 * and gives the focus back. Its opener is a button with `popoverTarget={id}`.
 */
export function Popover({ id, label, children }: { id: string; label: string; children: ReactNode }) {
  return (
    <div id={id} popover="auto" className="bs-popover" role="dialog" aria-label={label}>
      {children}
    </div>
  );
}
