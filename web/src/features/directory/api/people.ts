import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";

import { call, type Organisation, type Page, type Person } from "../../../lib/api/shapes.ts";

export type { Person } from "../../../lib/api/shapes.ts";

const HOUR = 3_600_000;

/** The agents found by words, in an administration or in all. */
export function usePeople(words: string, organisation: string) {
  return useInfiniteQuery({
    queryKey: ["people", words, organisation],
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams({ q: words });
      if (organisation !== "") query.set("organisation", organisation);
      if (pageParam !== "") query.set("cursor", pageParam);
      return call<Page<Person>>("GET", `/api/v1/people?${query.toString()}`, undefined, { signal });
    },
    initialPageParam: "",
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: keepPreviousData,
  });
}

/** One agent's card. */
export function usePerson(id: string) {
  return useQuery({
    queryKey: ["people", "one", id],
    queryFn: ({ signal }) => call<Person>("GET", `/api/v1/people/${encodeURIComponent(id)}`, undefined, { signal }),
  });
}

/** The administrations of this instance, in the order of their names. */
export function useOrganisations() {
  return useQuery({
    queryKey: ["organisations"],
    queryFn: ({ signal }) => call<Page<Organisation>>("GET", "/api/v1/organisations", undefined, { signal }),
    staleTime: HOUR,
  });
}
