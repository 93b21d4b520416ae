import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";

import { type Locale, useLocale } from "../../../i18n/locale.ts";
import { api, type AnswerOf, dataOf } from "../../../lib/api/client.ts";

export type Home = AnswerOf<"/api/v1/home">;
export type Category = Home["categories"][number];
export type Tile = Category["tiles"][number];

/** The home page of the reader, in a language: the server localises the names of tools. */
const home = (locale: Locale) =>
  queryOptions({
    queryKey: ["home", locale],
    queryFn: async ({ signal }) => {
      const data = await dataOf(api.GET("/api/v1/home", { signal }));
      return { ...data, receivedAt: Date.now() };
    },
    placeholderData: keepPreviousData,
  });

/** The tiles meant for the reader, and by what name to greet. */
export function useHome() {
  return useQuery(home(useLocale()));
}
