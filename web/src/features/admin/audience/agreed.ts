import type { Description, Tool } from "../api/shapes.ts";

type Approvals = NonNullable<Tool["approvals"]>;

/** What an audience means once some administrations have agreed to it: their agents see the tool now. */
export function withAgreed(description: Description, approvals: Approvals): Description {
  const agreed = new Set(approvals.filter(({ state }) => state === "approved").map(({ organisation }) => organisation.id));
  const elsewhere = description.elsewhere.filter(({ organisation }) => !agreed.has(organisation.id));
  const waiting = elsewhere.reduce((sum, { count }) => sum + count, 0);
  return { ...description, here: description.count - waiting, elsewhere };
}

/** Whether every administration that has a say was asked already: nothing leaves at the publication. */
export function allAsked(description: Description, approvals: Approvals): boolean {
  const asked = new Set(approvals.filter(({ state }) => state === "pending").map(({ organisation }) => organisation.id));
  return description.elsewhere.every(({ organisation }) => asked.has(organisation.id));
}
