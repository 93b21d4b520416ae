import { useEffect } from "react";

import { singleKeysOn } from "../lib/preferences/shortcuts.ts";

/** The note of what was just done is one while it is there: its way back does not last. */
const REGIONS = [".bs-bar", ".bs-rail", "#main", ".bs-note"];
const FIELDS = "input, textarea, select, [contenteditable]";

/** `Ctrl+K` and `/` open the search; `F6` moves between bar, rail, page and note. */
export function useShortcuts(openSearch: () => void): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const command = event.ctrlKey || event.metaKey;
      const inField = event.target instanceof Element && event.target.closest(FIELDS) !== null;
      const slash = event.key === "/" && !command && !event.altKey && !inField && singleKeysOn();
      if (slash || (command && !event.shiftKey && event.key.toLowerCase() === "k")) {
        event.preventDefault();
        openSearch();
      } else if (event.key === "F6" && document.querySelector("dialog[open]") === null) {
        event.preventDefault();
        moveRegion(event.shiftKey ? -1 : 1);
      }
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, [openSearch]);
}

function moveRegion(step: number): void {
  const regions = REGIONS.map((selector) => document.querySelector<HTMLElement>(selector)).filter((region) => region !== null);
  const here = regions.findIndex((region) => region.contains(document.activeElement));
  const next = regions[(here + step + regions.length) % regions.length];
  const target = next?.id === "main" ? next : next?.querySelector<HTMLElement>("a[href], button");
  target?.focus();
}
