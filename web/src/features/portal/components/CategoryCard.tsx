import type { Category } from "../api/home.ts";
import { TileLink } from "./TileLink.tsx";

const COLUMNS = 4;
/** Beyond, a column is no longer scanned at a glance: the rest is one link away. */
const TILES_A_CATEGORY = 8;

/** Every category side by side in one card, four columns at most. */
export function CategoryCard({ categories, zone, noted = true }: { categories: readonly Category[]; zone: string; noted?: boolean }) {
  const columns = Math.min(COLUMNS, categories.length);
  return (
    <div className={`bs-card bs-cats bs-cats--${columns}`}>
      {categories.map(({ id, title, family, tiles }) => (
        <section key={id} aria-labelledby={`category-${id}`}>
          <h3 id={`category-${id}`}>{title}</h3>
          <ul className="bs-list">
            {tiles.slice(0, TILES_A_CATEGORY).map((tile) => (
              <li key={tile.id}>
                <TileLink tile={tile} family={family} zone={zone} noted={noted} />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
