import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";

import { type Locale, useLocale } from "../../../i18n/locale.ts";
import { api, type AnswerOf, dataOf } from "../../../lib/api/client.ts";
import { copyTime } from "../../../lib/api/network.ts";
import { favouritesOnTheWay } from "./chosen.ts";

type Answer = AnswerOf<"/api/v1/home">;

export type Category = Answer["categories"][number];
/** One tool of the reader. */
export type Tile = Category["tiles"][number];

export interface Home extends Answer {
  /** When it left the server, by the browser's clock. */
  readonly receivedAt: number;
}

/** The key under which the home page is kept, whatever its language. */
export const HOME_KEY = ["home"] as const;

/** The home page of the reader, in a language: the server localises the names of tools. */
const home = (locale: Locale) =>
  queryOptions({
    queryKey: [...HOME_KEY, locale],
    queryFn: async ({ signal }): Promise<Home> => {
      let receivedAt = Date.now();
      const answer = api.GET("/api/v1/home", { signal }).then((result) => {
        receivedAt = copyTime(result.response) ?? Date.now();
        return result;
      });
      const data = await dataOf(answer);
      return { ...data, favourites: [...(favouritesOnTheWay() ?? data.favourites)], receivedAt };
    },
    placeholderData: keepPreviousData,
  });

/** The tiles meant for the reader, what waits for them, and by what name to greet. */
export function useHome() {
  return useQuery(home(useLocale()));
}

/** A tile with the colours of its category. */
export interface PlacedTile {
  readonly tile: Tile;
  readonly family: string;
}

/** Every tile by its id. */
export function tilesById(categories: readonly Category[]): ReadonlyMap<string, PlacedTile> {
  const tiles = new Map<string, PlacedTile>();
  for (const { family, tiles: own } of categories) {
    for (const tile of own) tiles.set(tile.id, { tile, family });
  }
  return tiles;
}

/** The tiles of these ids, in their order; those the reader no longer has are left out. */
export function tilesOf(ids: readonly string[], { categories }: Pick<Home, "categories">): PlacedTile[] {
  const known = tilesById(categories);
  return ids.map((id) => known.get(id)).filter((tile) => tile !== undefined);
}
