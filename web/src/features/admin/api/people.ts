import { useQueries } from "@tanstack/react-query";

import type { Option } from "../../../ui/forms.ts";
import { useDebounced } from "../common/useDebounced.ts";
import { query, read } from "./call.ts";
import { useResource } from "./hooks.ts";
import type { Organisation, Page, Person } from "./shapes.ts";

const TYPING_MS = 200;

/** A person in a list that opens under a field. */
export function optionOf(person: Person): Option {
  return {
    id: person.id,
    label: person.displayName,
    detail: [person.organisation.label, person.unit].filter(Boolean).join(", "),
    initials: person.initials,
  };
}

/** The people that a text finds; `searching` until they are those of the text. */
export function usePeople(text: string) {
  const typed = text.trim();
  const settled = useDebounced(typed, TYPING_MS);
  const path = settled.length < 2 ? undefined : `/api/v1/people${query({ q: settled })}`;
  const { data, isPlaceholderData, error } = useResource<Page<Person>>("people", { path });
  const found = path === undefined ? [] : (data?.data.items ?? []);
  return {
    people: found,
    searching: typed.length >= 2 && error === null && (settled !== typed || data === undefined || isPlaceholderData),
    failed: error !== null,
    short: typed.length < 2,
  };
}

/** The names of people known by their id only. */
export function usePersons(ids: readonly string[]): ReadonlyMap<string, Person> {
  return useQueries({
    queries: ids.map((id) => ({
      queryKey: ["admin", "person", id],
      queryFn: async ({ signal }: { signal: AbortSignal }) => (await read<Person>(`/api/v1/people/${id}`, signal)).data,
    })),
    combine: (answers) => new Map(answers.flatMap(({ data }) => (data === undefined ? [] : [[data.id, data]]))),
  });
}

/** Every administration. */
export function useOrganisations() {
  return useResource<Page<Organisation>>("organisations", { path: "/api/v1/organisations" });
}
