import { useEffect } from "react";

import { singleKeysOn } from "../lib/preferences/shortcuts.ts";

/** The note of what was just done is one while it is there: its way back does not last. */
const REGIONS = [".bs-bar", ".bs-rail", "#main", ".bs-note"];
const FIELDS = "input, textarea, select, [contenteditable]";

interface Acts {
  openSearch: () => void;
  openKeys: () => void;
}

/** `Ctrl+K` and `/` open the search, `?` the list of keys; `F6` moves between bar, rail, page and note. */
export function useShortcuts({ openSearch, openKeys }: Acts): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const command = event.ctrlKey || event.metaKey;
      const inDialog = document.querySelector("dialog[open]") !== null;
      const inField = event.target instanceof Element && event.target.closest(FIELDS) !== null;
      const single = !command && !event.altKey && !inField && !inDialog && singleKeysOn();
      if ((single && event.key === "/") || (command && !event.shiftKey && event.key.toLowerCase() === "k")) {
        event.preventDefault();
        openSearch();
      } else if (single && event.key === "?") {
        event.preventDefault();
        openKeys();
      } else if (event.key === "F6" && !inDialog) {
        event.preventDefault();
        moveRegion(event.shiftKey ? -1 : 1);
      }
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, [openSearch, openKeys]);
}

function moveRegion(step: number): void {
  const regions = REGIONS.map((selector) => document.querySelector<HTMLElement>(selector)).filter((region) => region !== null);
  const here = regions.findIndex((region) => region.contains(document.activeElement));
  const next = regions[(here + step + regions.length) % regions.length];
  const target = next?.id === "main" ? next : next?.querySelector<HTMLElement>("a[href], button");
  target?.focus();
}
