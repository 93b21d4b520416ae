import { useTexts } from "../../../i18n/dictionary.ts";
import { Icon } from "../../../ui/index.ts";
import { useFavourites } from "../api/favourites.ts";
import type { Tile } from "../api/home.ts";
import { texts } from "../texts.ts";

/** Whether a tool is among the favourites: it keeps its name, pressed means that it is. */
export function StarToggle({ tile, favourite }: { tile: Tile; favourite: boolean }) {
  const t = useTexts(texts);
  const { toggle } = useFavourites();
  return (
    <button
      type="button"
      className="bs-icon-btn bs-star"
      aria-pressed={favourite}
      aria-label={t.favourite(tile.name)}
      onClick={() => toggle(tile.id, tile.name)}
    >
      <Icon name={favourite ? "star-fill" : "star-line"} />
    </button>
  );
}
