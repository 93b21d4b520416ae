import { expect, test } from "vitest";

import type { Description } from "../api/shapes.ts";
import { allAsked, withAgreed } from "./agreed.ts";

const agriculture = { id: "o-a", label: "Agriculture" };
const landes = { id: "o-l", label: "Landes" };
const meaning: Description = {
  sentence: "",
  count: 12,
  here: 5,
  elsewhere: [
    { organisation: agriculture, count: 4, administrators: ["Hugo Castaing"] },
    { organisation: landes, count: 3, administrators: [] },
  ],
  warnings: [],
};
const answer = (organisation: typeof landes, state: "pending" | "approved" | "refused") => ({ id: state, organisation, state, count: 0 });

test("who has agreed is reached now; who was only asked, or refused, is not", () => {
  const now = withAgreed(meaning, [answer(agriculture, "approved"), answer(landes, "refused")]);
  expect(now.here).toBe(9);
  expect(now.elsewhere.map(({ organisation }) => organisation.id)).toEqual(["o-l"]);
  expect(withAgreed(meaning, [answer(agriculture, "pending")])).toEqual(meaning);
});

test("a request still leaves while one of them was not asked", () => {
  expect(allAsked(meaning, [answer(agriculture, "pending")])).toBe(false);
  expect(allAsked(meaning, [answer(agriculture, "pending"), answer(landes, "pending")])).toBe(true);
});
