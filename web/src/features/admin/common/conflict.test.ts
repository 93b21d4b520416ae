import { expect, test } from "vitest";

import { differences, type FieldOf, firstSide, merged } from "./conflict.ts";

interface Form {
  name: string;
  from: number;
  until: number;
}
const FIELDS: FieldOf<Form>[] = [
  { keys: ["name"], label: "Nom", show: ({ name }) => name },
  { keys: ["from", "until"], label: "Dates", show: ({ from, until }) => `${from} ${until}` },
];
const mine: Form = { name: "A", from: 1, until: 2 };
const theirs: Form = { name: "B", from: 1, until: 3 };

test("only what differs is compared", () => {
  expect(differences(mine, { ...mine }, FIELDS)).toEqual([]);
  expect(differences(mine, { ...mine, until: 9 }, FIELDS).map(({ label }) => label)).toEqual(["Dates"]);
});

test("each field is taken from the side chosen, mine when none is", () => {
  expect(merged(mine, theirs, FIELDS, {})).toEqual(mine);
  expect(merged(mine, theirs, FIELDS, { Dates: "theirs" })).toEqual({ name: "A", from: 1, until: 3 });
  expect(merged(mine, theirs, FIELDS, { Nom: "theirs", Dates: "mine" })).toEqual({ name: "B", from: 1, until: 2 });
});

test("a field that I did not touch starts on their side", () => {
  const [name, dates] = FIELDS;
  if (name === undefined || dates === undefined) throw new Error("no fields");
  const base: Form = { name: "A", from: 0, until: 2 };
  expect(firstSide(mine, base, name)).toBe("theirs");
  expect(firstSide(mine, base, dates)).toBe("mine");
});
