import { lazy, Suspense, useRef, useState } from "react";
import { Link } from "react-router";

import { useTexts } from "../../../i18n/dictionary.ts";
import { Count, Icon, TileIcon } from "../../../ui/index.ts";
import { type Home, type PlacedTile, tilesOf } from "../api/home.ts";
import { whenOpened } from "../api/opened.ts";
import { texts } from "../texts.ts";
import { TileState, useReach } from "./TileLink.tsx";

const OrganiseFavourites = lazy(() => import("./OrganiseFavourites.tsx"));

/** The tools of every day, in the reader's order; organised in place. */
export function Favourites({ home }: { home: Home }) {
  const t = useTexts(texts);
  const [organising, setOrganising] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const tiles = tilesOf(home.favourites, home);
  const done = () => {
    setOrganising(false);
    // The button is back on the page after the next drawing.
    requestAnimationFrame(() => button.current?.focus());
  };
  return (
    <section className="bs-home__wide" aria-labelledby="favourites">
      <div className="bs-head">
        <h2 id="favourites">{t.favourites}</h2>
        {tiles.length === 0 || organising ? null : (
          <button ref={button} className="bs-link bs-push" type="button" onClick={() => setOrganising(true)}>
            {t.organise}
          </button>
        )}
      </div>
      {organising ? (
        <Suspense fallback={<Cards tiles={tiles} />}>
          <OrganiseFavourites tiles={tiles} all={home.favourites} onDone={done} />
        </Suspense>
      ) : tiles.length === 0 ? (
        <NoFavourite />
      ) : (
        <Cards tiles={tiles} />
      )}
      <Recents home={home} />
    </section>
  );
}

function Cards({ tiles }: { tiles: readonly PlacedTile[] }) {
  return (
    <ul className="bs-list bs-favs">
      {tiles.map((placed) => (
        <li key={placed.tile.id}>
          <Card placed={placed} />
        </li>
      ))}
    </ul>
  );
}

function Card({ placed: { tile } }: { placed: PlacedTile }) {
  const t = useTexts(texts);
  const reach = useReach(tile);
  return (
    <a className="bs-fav" href={tile.url} {...whenOpened(tile.id)}>
      <TileIcon name={tile.icon} size={24} />
      <span>
        {tile.name}
        {reach === undefined ? null : <small>{reach}</small>}
      </span>
      <span className="bs-fav__marks">
        <TileState tile={tile} />
        <Count value={tile.count ?? 0} label={t.waiting} />
      </span>
    </a>
  );
}

/** What favourites are for, and the way to choose them. */
function NoFavourite() {
  const t = useTexts(texts);
  return (
    <div className="bs-empty-favs">
      <span className="bs-square c-brand">
        <Icon name="star-line" />
      </span>
      <p>
        <b>{t.noFavourite}</b>
        <br />
        {t.noFavouriteText}
      </p>
      <Link className="fr-btn fr-btn--secondary fr-btn--sm" to="/outils">
        {t.favouritesStepAction}
      </Link>
    </div>
  );
}

/** What was opened lately and is no favourite. */
function Recents({ home }: { home: Home }) {
  const t = useTexts(texts);
  const tiles = tilesOf(
    home.recents.filter((id) => !home.favourites.includes(id)),
    home,
  );
  if (tiles.length === 0) return null;
  return (
    <div className="bs-recents">
      <h3 id="recents">{t.recents}</h3>
      <ul className="bs-list" aria-labelledby="recents">
        {tiles.map(({ tile }) => (
          <li key={tile.id}>
            <a href={tile.url} {...whenOpened(tile.id)}>
              <TileIcon name={tile.icon} />
              {tile.name}
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}
