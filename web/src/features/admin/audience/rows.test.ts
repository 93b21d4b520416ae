import { describe, expect, test } from "vitest";

import type { Audience } from "../api/shapes.ts";
import { audienceOf, NOBODY, type Row, rowsOf } from "./rows.ts";

const prefecture = { kind: "organisation", id: "o-1", subtree: false } as const;
const security = { kind: "organisation", id: "o-2", subtree: true, population: "prestataire" } as const;

describe("rows become a rule", () => {
  test("nothing is nobody", () => {
    expect(audienceOf([])).toEqual(NOBODY);
  });

  test("one row is its own rule, without a choice of one", () => {
    expect(audienceOf([{ effect: "show", who: prefecture }])).toEqual({ organisation: { id: "o-1", subtree: false } });
    expect(audienceOf([{ effect: "show", who: { kind: "everyone" } }])).toBe("everyone");
    expect(audienceOf([{ effect: "show", who: { kind: "person", id: "a-1" } }])).toEqual({ agent: "a-1" });
  });

  test("several rows are a choice, exceptions are taken away from it", () => {
    const rows: Row[] = [
      { effect: "show", who: prefecture },
      { effect: "show", who: security },
      { effect: "except", who: { kind: "everyone", population: "stagiaire" } },
    ];
    expect(audienceOf(rows)).toEqual({
      all: [
        {
          any: [
            { organisation: { id: "o-1", subtree: false } },
            { all: [{ organisation: { id: "o-2", subtree: true } }, { population: "prestataire" }] },
          ],
        },
        { not: { population: "stagiaire" } },
      ],
    });
  });
});

describe("a rule becomes rows", () => {
  const written: Row[][] = [
    [],
    [{ effect: "show", who: { kind: "everyone" } }],
    [{ effect: "show", who: { kind: "everyone", population: "partenaire" } }],
    [{ effect: "show", who: security }],
    [{ effect: "show", who: prefecture }, { effect: "show", who: { kind: "person", id: "a-1" } }],
    [{ effect: "show", who: security }, { effect: "except", who: { kind: "person", id: "a-1" } }],
    [
      { effect: "show", who: { kind: "everyone" } },
      { effect: "except", who: prefecture },
      { effect: "except", who: { kind: "everyone", population: "stagiaire" } },
    ],
    [{ effect: "except", who: prefecture }],
  ];

  test.each(written.map((rows) => [rows]))("what rows wrote is read back: %j", (rows) => {
    expect(rowsOf(audienceOf(rows))).toEqual(rows);
  });

  test("what another hand wrote is read when a sentence says it", () => {
    const rule: Audience = {
      all: [{ population: "agent" }, { organisation: { id: "o-1", subtree: true } }, { not: { any: [{ agent: "a" }, { agent: "b" }] } }],
    };
    expect(rowsOf(rule)).toEqual([
      { effect: "show", who: { kind: "organisation", id: "o-1", subtree: true, population: "agent" } },
      { effect: "except", who: { kind: "person", id: "a" } },
      { effect: "except", who: { kind: "person", id: "b" } },
    ]);
    expect(rowsOf({ not: { population: "stagiaire" } })).toEqual([
      { effect: "show", who: { kind: "everyone" } },
      { effect: "except", who: { kind: "everyone", population: "stagiaire" } },
    ]);
    expect(rowsOf({ all: [] })).toEqual([{ effect: "show", who: { kind: "everyone" } }]);
  });

  test("a rule that no sentence says is left as it is", () => {
    expect(rowsOf({ all: [{ agent: "a" }, { organisation: { id: "o", subtree: true } }] })).toBeUndefined();
    expect(rowsOf({ any: [{ not: { agent: "a" } }] })).toBeUndefined();
    expect(rowsOf({ all: [{ any: [{ agent: "a" }] }, { any: [{ agent: "b" }] }] })).toBeUndefined();
  });
});
