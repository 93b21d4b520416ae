import type { Server } from "../../../lib/api/fits.ts";
import { query } from "../api/call.ts";
import { useParts, useResource } from "../api/hooks.ts";
import type { Page, Person } from "../api/shapes.ts";

/** An act that the server journals, by its stable name. */
export type JournalAct = Server["JournalAct"];
export type Outcome = Server["JournalOutcome"];
export type Entry = Server["JournalEntryView"];
export type Names = Server["JournalPageView"]["names"];
export type Facts = Server["JournalFactsView"];
export type Proof = Server["JournalProofView"];

/** A part of the journal, with what its entries name and how its chains stand. */
interface JournalPart extends Page<Entry> {
  names: Names;
  facts: Facts;
}

/** What is looked for, as the address keeps it. */
export interface Filter {
  organisation: string | undefined;
  from: string;
  to: string;
  who: string;
  act: string;
  outcome: string;
  subject: string;
}

/** The moment of the first instant of a day of a native field; empty when it is none. */
function startOf(day: string, plus = 0): string {
  const at = new Date(`${day}T00:00:00`);
  if (day === "" || Number.isNaN(at.getTime())) return "";
  at.setDate(at.getDate() + plus);
  return String(at.getTime());
}

function queryOf({ from, to, ...rest }: Filter): string {
  return query({ ...rest, from: startOf(from), before: startOf(to, 1) });
}

/** The entries that a filter finds, part by part, the latest first. */
export function useJournal(filter: Filter) {
  const parts = useParts<Entry, JournalPart>("journal", `/api/v1/admin/journal${queryOf(filter)}`);
  const names: Names = Object.assign({}, ...(parts.pages ?? []).map((part) => part.names));
  return { ...parts, names };
}

/** One entry, with its proof. */
export function useEntry(place: string | undefined) {
  return useResource<Proof>("journal", { path: place === undefined ? undefined : `/api/v1/admin/journal/${place}` });
}

const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u;

/** The name of the agent of a filter; none: it is no agent's id, or nobody of the directory. */
export function useNameOf(who: string, names: Names): string | undefined {
  const known = names[`agent:${who}`]?.name;
  const asked = ID.test(who) && known === undefined ? `/api/v1/people/${who}` : undefined;
  const { data } = useResource<Person>("people", { path: asked });
  return known ?? data?.data.displayName;
}

/** Where the signed file of a filter comes from. */
export function exportOf(filter: Filter): string {
  return `/api/v1/admin/journal/export${queryOf(filter)}`;
}
