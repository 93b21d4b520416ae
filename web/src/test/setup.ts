// What jsdom lacks of the platform, and a clean browser before each test.

import { cleanup, configure } from "@testing-library/react";
import { afterEach, beforeEach, vi } from "vitest";

import { forgetCsrf } from "../lib/api/csrf.ts";

// Pages are files of their own: the first to open one waits for it to be read.
configure({ asyncUtilTimeout: 5_000 });

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
  forgetCsrf();
  dispatchEvent(new Event("online"));
  dispatchEvent(new Event("pageshow"));
});

/** Sets what the machine says of its colours. */
export function prefersDark(dark: boolean): void {
  vi.stubGlobal("matchMedia", (query: string) => {
    const list = new EventTarget();
    return Object.assign(list, { matches: dark && query.includes("dark"), media: query });
  });
}
