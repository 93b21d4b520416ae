import { expect, test } from "vitest";

import { type Asked, treatmentOf } from "./rules.ts";

const of = (path: string, more: Partial<Asked> = {}) =>
  treatmentOf({ method: "GET", sameOrigin: true, path, navigates: false, ...more });

test("a copy is kept of three answers of the API, and of no other", () => {
  expect(of("/api/v1/home")).toBe("copy");
  expect(of("/api/v1/session")).toBe("copy");
  for (const path of ["/api/v1/inbox", "/api/v1/people", "/api/v1/live", "/api/v1/settings", "/api/v1/home/x"]) {
    expect(of(path)).toBe("pass");
  }
  expect(of("/api/v1/home", { method: "PUT" })).toBe("pass");
});

test("pages of the application open without network, those of the server do not", () => {
  expect(of("/outils", { navigates: true })).toBe("shell");
  expect(of("/", { navigates: true })).toBe("shell");
  for (const path of ["/connexion", "/deconnexion", "/accessibilite", "/api/v2/authorize", "/t/secret", "/_pages/x"]) {
    expect(of(path, { navigates: true })).toBe("pass");
  }
});

test("signing out forgets, and what is elsewhere is left alone", () => {
  expect(of("/deconnexion", { method: "POST", navigates: true })).toBe("forget");
  expect(of("/assets/index-1.js")).toBe("asset");
  expect(of("/assets/index-1.js", { sameOrigin: false })).toBe("pass");
});
