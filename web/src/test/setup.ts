// What jsdom lacks of the platform, and a clean browser before each test.

import { cleanup } from "@testing-library/react";
import { afterEach, beforeEach, vi } from "vitest";

HTMLDialogElement.prototype.showModal = function showModal() {
  this.open = true;
};
HTMLDialogElement.prototype.close = function close() {
  this.open = false;
  this.dispatchEvent(new Event("close"));
};
globalThis.scrollTo = () => undefined;

beforeEach(() => {
  prefersDark(false);
});

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  for (const name of ["besace-lang", "besace-theme"]) {
    // oxlint-disable-next-line unicorn/no-document-cookie
    document.cookie = `${name}=; Path=/; Max-Age=0`;
  }
  localStorage.clear();
  dispatchEvent(new Event("pageshow"));
});

/** Sets what the machine says of its colours. */
export function prefersDark(dark: boolean): void {
  vi.stubGlobal("matchMedia", (query: string) => {
    const list = new EventTarget();
    return Object.assign(list, { matches: dark && query.includes("dark"), media: query });
  });
}
