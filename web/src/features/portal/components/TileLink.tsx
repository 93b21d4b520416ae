import { clockTime } from "../../../i18n/dates.ts";
import { useTexts } from "../../../i18n/dictionary.ts";
import { useLocale } from "../../../i18n/locale.ts";
import { Badge, Count, TileIcon } from "../../../ui/index.ts";
import type { Tile } from "../api/home.ts";
import { whenOpened } from "../api/opened.ts";
import { texts } from "../texts.ts";

const FAMILIES = ["blue", "teal", "rust", "sand", "plum", "green"] as const;

/** The colours of a family; those of the first when the server knows one more than we do. */
export function coloursOf(family: string): string {
  return `c-${FAMILIES.find((known) => known === family) ?? FAMILIES[0]}`;
}

interface TileLinkProps {
  tile: Tile;
  family: string;
  zone: string;
  /** Whether opening it is noted, for the tools opened last. */
  noted?: boolean;
}

/** One tool: a plain link, since tools live at addresses of their own. */
export function TileLink({ tile, family, zone, noted = true }: TileLinkProps) {
  const t = useTexts(texts);
  const locale = useLocale();
  const reach = useReach(tile);
  const { state } = tile;
  return (
    <a className="bs-tile" href={tile.url} {...(noted ? whenOpened(tile.id) : {})}>
      <span className={`bs-tile__icon ${coloursOf(family)}`}>
        <TileIcon name={tile.icon} />
      </span>
      <span>
        <b>{tile.name}</b>
        <small>{tile.description}</small>
        {state ? (
          <small className="bs-tile__state">
            {t.since(clockTime(state.since, zone, locale))}
            {state.message ? ` · ${state.message}` : null}
          </small>
        ) : null}
        {tile.origin ? <small>{t.offeredBy(tile.origin.organisation)}</small> : null}
        {reach === undefined ? null : <small className="bs-tile__reach">{reach}</small>}
      </span>
      <span className="bs-tile__marks">
        <TileState tile={tile} />
        {tile.badge === "new" ? <Badge tone="info">{t.badgeNew}</Badge> : null}
        {tile.badge === "trial" ? <Badge tone="info">{t.badgeTrial}</Badge> : null}
        <Count value={tile.count ?? 0} label={t.waiting} />
      </span>
    </a>
  );
}

/** Whether the tool does well, in one word. Nothing when it does. */
export function TileState({ tile }: { tile: Tile }) {
  const t = useTexts(texts);
  if (!tile.state) return null;
  return tile.state.level === "down" ? <Badge tone="error">{t.down}</Badge> : <Badge tone="warn">{t.disturbed}</Badge>;
}

/** From which networks a tool opens, when not from everywhere: said before the click. */
export function useReach(tile: Tile): string | undefined {
  const t = useTexts(texts);
  const reaches = tile.reaches ?? [tile.reach];
  if (reaches.includes("internet")) return undefined;
  if (reaches.includes("rie") && reaches.includes("vpn")) return t.fromRieOrVpn;
  if (reaches.includes("rie")) return t.fromRie;
  return reaches.includes("vpn") ? t.fromVpn : undefined;
}
