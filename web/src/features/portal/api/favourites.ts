import { type QueryClient, useMutation, useQueryClient } from "@tanstack/react-query";

import { useTexts } from "../../../i18n/dictionary.ts";
import { call } from "../../../lib/api/shapes.ts";
import { tell, tellFailure } from "../../../lib/notes.ts";
import { texts } from "../texts.ts";
import { arrived, favouritesOnTheWay, sending } from "./chosen.ts";
import { HOME_KEY, type Home } from "./home.ts";

/** What the server keeps at most. */
export const MOST_FAVOURITES = 24;

/** Shows the favourites at once, in every language kept. */
function show(client: QueryClient, favourites: readonly string[]): void {
  client.setQueriesData<Home>({ queryKey: HOME_KEY }, (home) => (home === undefined ? home : { ...home, favourites: [...favourites] }));
}

/** Changes the favourites: shown at once, sent in order, taken back when the server refuses. */
export function useFavourites() {
  const t = useTexts(texts);
  const client = useQueryClient();
  const shown = () => favouritesOnTheWay() ?? client.getQueriesData<Home>({ queryKey: HOME_KEY }).find(([, home]) => home !== undefined)?.[1]?.favourites ?? [];
  const { mutate } = useMutation({
    // One at a time: the last order that was chosen is the one that stays.
    scope: { id: "favourites" },
    mutationFn: (tiles: readonly string[]) => call<unknown>("PUT", "/api/v1/favourites", { tiles }),
    onError: () => tellFailure(t.favouritesFailed),
    onSettled: () => {
      // What was asked for before the last one arrived is asked for again.
      if (arrived()) void client.invalidateQueries({ queryKey: HOME_KEY });
    },
  });

  const send = (tiles: readonly string[]) => {
    show(client, tiles);
    sending(tiles);
    mutate(tiles);
  };

  /** Keeps this order; `text` says what was done, and can be undone. */
  const keep = (next: readonly string[], text?: string) => {
    const before = shown();
    send(next);
    if (text !== undefined) tell(text, () => send(before));
  };

  /** Puts a tile among the favourites, or takes it out. */
  const toggle = (id: string, name: string) => {
    const before = shown();
    if (before.includes(id)) return keep(before.filter((one) => one !== id), t.favouriteRemoved(name));
    if (before.length >= MOST_FAVOURITES) return tellFailure(t.favouritesFull(MOST_FAVOURITES));
    keep([...before, id], t.favouriteAdded(name));
  };
  return { keep, toggle };
}
