import { expect, test } from "vitest";

import { fold, matches } from "./fold.ts";

test("accents, case, ligatures and curved apostrophes are folded", () => {
  expect(fold("  Œuvre  d’Été ")).toBe("oeuvre d'ete");
  expect(fold("ÇA")).toBe("ca");
});

test("every word of a query must be found, in any order", () => {
  expect(matches("crise evenement", "Événements de crise")).toBe(true);
  expect(matches("crise paie", "Événements de crise")).toBe(false);
  expect(matches("", "Tout")).toBe(true);
});
