import { expect, test } from "vitest";

import { piecesOf } from "./highlight.ts";

const hits = (text: string, query: string) =>
  piecesOf(text, query).filter(({ hit }) => hit).map((piece) => piece.text);

test("words are found whatever their accents and case, and stay as they are written", () => {
  expect(hits("Événement d’été", "evenement ete")).toEqual(["Événement", "été"]);
  expect(hits("Prêts d’œuvres", "oeuv")).toEqual(["œuv"]);
  expect(hits("Missions à l’étranger", "mission")).toEqual(["Mission"]);
});

test("the pieces make the whole text again", () => {
  const text = "Frais de mission\u00a0: nouveau barème";
  expect(piecesOf(text, "mission bareme").map((piece) => piece.text).join("")).toBe(text);
  expect(piecesOf(text, "")).toHaveLength(1);
});
