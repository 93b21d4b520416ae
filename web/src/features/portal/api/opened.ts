import type { MouseEvent } from "react";

import { call } from "../../../lib/api/shapes.ts";

/** Says that a tool is being opened: it leaves with the page, and nothing waits for it. */
export function sayOpened(tile: string): void {
  call<unknown>("POST", `/api/v1/tiles/${encodeURIComponent(tile)}/opened`, undefined, { keepalive: true }).catch(
    () => undefined,
  );
}

/** What the link of a tool does beside leading there, by the main button or the middle one. */
export function whenOpened(tile: string) {
  return {
    onClick: () => sayOpened(tile),
    onAuxClick: (event: MouseEvent) => {
      if (event.button === 1) sayOpened(tile);
    },
  };
}
