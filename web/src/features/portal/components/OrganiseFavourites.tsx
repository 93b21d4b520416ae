import { type DragEvent, useEffect, useRef, useState } from "react";

import { useTexts } from "../../../i18n/dictionary.ts";
import { announce } from "../../../lib/notes.ts";
import { Button, Icon, type IconName, TileIcon } from "../../../ui/index.ts";
import { useFavourites } from "../api/favourites.ts";
import type { PlacedTile } from "../api/home.ts";
import { texts } from "../organise/texts.ts";

/** The list with `id` put at `to`. */
export function moved(ids: readonly string[], id: string, to: number): string[] {
  const others = ids.filter((one) => one !== id);
  const place = Math.max(0, Math.min(to, others.length));
  return [...others.slice(0, place), id, ...others.slice(place)];
}

interface OrganiseProps {
  tiles: readonly PlacedTile[];
  /** Every favourite, also those whose tile the reader no longer sees: they keep their place. */
  all: readonly string[];
  onDone: () => void;
}

type Move = "first" | "up" | "down" | "remove";

const ICONS: Record<Move, IconName> = {
  first: "skip-up-line",
  up: "arrow-up-line",
  down: "arrow-down-line",
  remove: "close-line",
};

/** The favourites as a list whose order changes with buttons, Alt and the arrows, or by dragging. */
export default function OrganiseFavourites({ tiles, all, onDone }: OrganiseProps) {
  const t = useTexts(texts);
  const { keep } = useFavourites();
  const list = useRef<HTMLUListElement>(null);
  const [dragged, setDragged] = useState<string>();
  const ids = tiles.map(({ tile }) => tile.id);
  useEffect(() => list.current?.querySelector("button")?.focus(), []);

  const hidden = all.filter((id) => !ids.includes(id));
  const keepVisible = (next: readonly string[], text?: string) => keep([...next, ...hidden], text);
  const nameOf = (id: string) => tiles.find(({ tile }) => tile.id === id)?.tile.name ?? "";

  const rowOf = (id: string) => [...(list.current?.children ?? [])].find((row) => row.getAttribute("data-id") === id);

  const place = (id: string, to: number) => {
    const next = moved(ids, id, to);
    if (next.join() === ids.join()) return;
    keepVisible(next);
    announce(t.movedTo(nameOf(id), next.indexOf(id) + 1, next.length));
  };

  const act = (move: Move, id: string) => {
    const at = ids.indexOf(id);
    if (move === "first") place(id, 0);
    if (move === "up") place(id, at - 1);
    if (move === "down") place(id, at + 1);
    if (move === "remove") {
      const neighbour = ids[at + 1] ?? ids[at - 1];
      keepVisible(ids.filter((one) => one !== id), t.removed(nameOf(id)));
      if (neighbour === undefined) onDone();
      else rowOf(neighbour)?.querySelector("button")?.focus();
    }
  };

  const drop = (event: DragEvent, target: string) => {
    event.preventDefault();
    if (dragged !== undefined) place(dragged, ids.indexOf(target));
    setDragged(undefined);
  };

  return (
    <>
      <p className="bs-small bs-organise__how">{t.how}</p>
      <ul className="bs-list bs-card bs-organise" ref={list}>
        {tiles.map(({ tile }, index) => (
          // Dragging is a shortcut for the mouse: each row's buttons do the same.
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
          <li
            key={tile.id}
            data-id={tile.id}
            draggable
            className={tile.id === dragged ? "bs-organise__dragged" : undefined}
            onDragStart={(event) => {
              event.dataTransfer.effectAllowed = "move";
              event.dataTransfer.setData("text/plain", tile.name);
              setDragged(tile.id);
            }}
            onDragEnd={() => setDragged(undefined)}
            onDragOver={(event) => {
              if (dragged !== undefined) event.preventDefault();
            }}
            onDrop={(event) => drop(event, tile.id)}
            onKeyDown={(event) => {
              if (!event.altKey) return;
              if (event.key === "ArrowUp") act("up", tile.id);
              else if (event.key === "ArrowDown") act("down", tile.id);
              else return;
              event.preventDefault();
            }}
          >
            <Icon name="drag-move-2-line" />
            <TileIcon name={tile.icon} />
            <b>{tile.name}</b>
            <span className="bs-organise__moves">
              {(["first", "up", "down", "remove"] as const).map((move) => (
                <button
                  key={move}
                  type="button"
                  className="bs-icon-btn"
                  aria-label={t[move](tile.name)}
                  // Not `disabled`: the focus would be lost when a row arrives at an end.
                  aria-disabled={(move === "down" && index === tiles.length - 1) || ((move === "up" || move === "first") && index === 0)}
                  onClick={() => act(move, tile.id)}
                >
                  <Icon name={ICONS[move]} />
                </button>
              ))}
            </span>
          </li>
        ))}
      </ul>
      <Button small onClick={onDone}>
        {t.done}
      </Button>
    </>
  );
}
