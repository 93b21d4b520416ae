import { expect, test } from "vitest";

import { cell, csv } from "./csv.ts";

test("what a spreadsheet would run is kept as text", () => {
  for (const start of ["=", "+", "-", "@", "\t"]) expect(cell(`${start}SUM(A1)`)).toBe(`'${start}SUM(A1)`);
  expect(cell("\rcmd")).toBe('"\'\rcmd"');
});

test("separators, quotes and line ends are quoted", () => {
  expect(cell('Dupont; "Jo"')).toBe('"Dupont; ""Jo"""');
  expect(cell("deux\nlignes")).toBe('"deux\nlignes"');
  expect(cell("Inès Fofana")).toBe("Inès Fofana");
});

test("a table starts with its mark and ends its lines", () => {
  expect(csv([["Nom", "Lu"], ["Zoé", ""]])).toBe("\ufeffNom;Lu\r\nZoé;\r\n");
});
