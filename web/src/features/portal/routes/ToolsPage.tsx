import { useState } from "react";
import { Link } from "react-router";

import { useTexts } from "../../../i18n/dictionary.ts";
import { matches } from "../../../lib/fold.ts";
import { useDocumentTitle } from "../../../lib/hooks.ts";
import { Button, Placeholder, SearchField } from "../../../ui/index.ts";
import { type Category, type Home, useHome } from "../api/home.ts";
import { LoadingTools, NoTools, ToolsFailed } from "../components/HomeStates.tsx";
import { StarToggle } from "../components/StarToggle.tsx";
import { TileLink } from "../components/TileLink.tsx";
import { texts } from "../texts.ts";

const countOf = (categories: readonly Category[]) =>
  categories.reduce((sum, { tiles }) => sum + tiles.length, 0);

/** The categories with only the tiles that a query finds by name, description or category. */
function filtered(categories: readonly Category[], query: string): Category[] {
  return categories
    .map((category) => ({
      ...category,
      tiles: category.tiles.filter(({ name, description }) =>
        matches(query, `${name} ${description} ${category.title}`),
      ),
    }))
    .filter(({ tiles }) => tiles.length > 0);
}

/** `/outils`: every tool of the reader, with a filter; where favourites are chosen. */
export default function ToolsPage() {
  const t = useTexts(texts);
  const { data, error, refetch } = useHome();
  useDocumentTitle(t.tools);
  return (
    <>
      <div className="bs-title bs-title--row">
        <div>
          <h1 tabIndex={-1}>{t.tools}</h1>
          <p>{t.toolsIntro}</p>
        </div>
        <Link className="fr-btn fr-btn--secondary fr-btn--sm" to="/outils/demander">
          {t.askTool}
        </Link>
      </div>
      {data === undefined && error === null ? <LoadingTools /> : null}
      {data === undefined && error !== null ? (
        <ToolsFailed error={error} onRetry={() => void refetch()} />
      ) : null}
      {data === undefined ? null : <Tools home={data} />}
    </>
  );
}

function Tools({ home }: { home: Home }) {
  const t = useTexts(texts);
  const [query, setQuery] = useState("");
  const total = countOf(home.categories);
  if (total === 0) return <NoTools />;

  const favourites = new Set(home.favourites);
  const shown = filtered(home.categories, query);
  const count = countOf(shown);
  const result = count === total ? t.allShown(total) : t.someShown(count, total);
  return (
    <>
      <SearchField label={t.filter} value={query} onChange={setQuery} result={result} />
      {shown.length === 0 ? (
        <Placeholder icon="search-line" title={t.noMatch(query.trim())}>
          <p>{t.noMatchHint}</p>
          <div className="bs-actions">
            <Button onClick={() => setQuery("")}>{t.clearFilter}</Button>
          </div>
        </Placeholder>
      ) : (
        <div className="bs-tools">
          {shown.map(({ id, title, family, tiles }) => (
            <section key={id} aria-labelledby={`category-${id}`}>
              <h2 id={`category-${id}`}>{title}</h2>
              <ul className="bs-list bs-card bs-grid">
                {tiles.map((tile) => (
                  <li key={tile.id} className="bs-starred">
                    <TileLink tile={tile} family={family} zone={home.zone} />
                    <StarToggle tile={tile} favourite={favourites.has(tile.id)} />
                  </li>
                ))}
              </ul>
            </section>
          ))}
        </div>
      )}
    </>
  );
}
