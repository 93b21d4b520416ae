// An audience as the rows of a sentence, and back: « Montrer à …, et à …, sauf à … ».

import type { Audience, Population } from "../api/shapes.ts";

/** Whom a row takes in. */
export type Who =
  | { kind: "everyone"; population?: Population }
  | { kind: "organisation"; id: string; subtree: boolean; population?: Population }
  | { kind: "person"; id: string };

export interface Row {
  effect: "show" | "except";
  who: Who;
}

/** Nobody yet. */
export const NOBODY: Audience = { any: [] };

/** The rule of one row. */
function ruleOf(who: Who): Audience {
  if (who.kind === "person") return { agent: who.id };
  const population: Audience[] = who.population === undefined ? [] : [{ population: who.population }];
  if (who.kind === "everyone") return population[0] ?? "everyone";
  const organisation: Audience = { organisation: { id: who.id, subtree: who.subtree } };
  return population.length === 0 ? organisation : { all: [organisation, ...population] };
}

/** The rule that the rows say together: one of those shown, and none of the exceptions. */
export function audienceOf(rows: readonly Row[]): Audience {
  const shown = rows.filter(({ effect }) => effect === "show").map(({ who }) => ruleOf(who));
  const excepted = rows.filter(({ effect }) => effect === "except").map(({ who }) => ruleOf(who));
  const [only] = shown;
  const group: Audience = shown.length === 1 && only !== undefined ? only : { any: shown };
  return excepted.length === 0 ? group : { all: [group, ...excepted.map((rule): Audience => ({ not: rule }))] };
}

/** The rows that say a rule; none when no sentence of rows says it. */
export function rowsOf(audience: Audience): Row[] | undefined {
  if (typeof audience === "object" && "all" in audience) {
    const negative = audience.all.flatMap((rule) => (isNot(rule) ? [rule.not] : []));
    const positive = audience.all.filter((rule) => !isNot(rule));
    const shown = shownOf(positive);
    const excepted = groupOf(negative.flatMap(flat));
    return shown && excepted && [...rows("show", shown), ...rows("except", excepted)];
  }
  if (isNot(audience)) {
    const excepted = groupOf(flat(audience.not));
    return excepted && [...rows("show", [{ kind: "everyone" }]), ...rows("except", excepted)];
  }
  const shown = groupOf(flat(audience));
  return shown && rows("show", shown);
}

const rows = (effect: Row["effect"], all: readonly Who[]): Row[] => all.map((who) => ({ effect, who }));

function isNot(rule: Audience): rule is { not: Audience } {
  return typeof rule === "object" && "not" in rule;
}

/** The members of a choice; a rule alone otherwise. */
function flat(rule: Audience): Audience[] {
  return typeof rule === "object" && "any" in rule ? rule.any : [rule];
}

/** Whom the positive part of a conjunction takes in. */
function shownOf(positive: readonly Audience[]): Who[] | undefined {
  const [only] = positive;
  if (only === undefined) return [{ kind: "everyone" }];
  if (positive.length === 1) return groupOf(flat(only));
  const one = whoOf({ all: [...positive] });
  return one && [one];
}

function groupOf(rules: readonly Audience[]): Who[] | undefined {
  const all = rules.map(whoOf);
  return all.includes(undefined) ? undefined : all.filter((who) => who !== undefined);
}

/** Whom a rule without exception takes in, when one row can say it. */
function whoOf(rule: Audience): Who | undefined {
  if (rule === "everyone") return { kind: "everyone" };
  if ("agent" in rule) return { kind: "person", id: rule.agent };
  if ("population" in rule) return { kind: "everyone", population: rule.population };
  if ("organisation" in rule) return { kind: "organisation", ...rule.organisation };
  if (!("all" in rule) || rule.all.length !== 2) return undefined;
  const organisation = rule.all.find((part) => typeof part === "object" && "organisation" in part);
  const population = rule.all.find((part) => typeof part === "object" && "population" in part);
  if (typeof organisation !== "object" || !("organisation" in organisation)) return undefined;
  if (typeof population !== "object" || !("population" in population)) return undefined;
  return { kind: "organisation", ...organisation.organisation, population: population.population };
}
