import { useTexts } from "../../../i18n/dictionary.ts";
import { Badge, TileIcon } from "../../../ui/index.ts";
import type { Category, Tile } from "../api/home.ts";
import { texts } from "../texts.ts";

const FAMILIES = ["blue", "teal", "rust", "sand", "plum", "green"] as const;

/** The colours of a family; those of the first when the server knows one more than we do. */
function coloursOf(family: string): string {
  return `c-${FAMILIES.find((known) => known === family) ?? FAMILIES[0]}`;
}

/** One tool: a plain link, since tools live at addresses of their own. */
export function TileLink({ tile, family }: { tile: Tile; family: Category["family"] }) {
  const t = useTexts(texts);
  return (
    <a className="bs-tile" href={tile.url}>
      <span className={`bs-tile__icon ${coloursOf(family)}`}>
        <TileIcon name={tile.icon} />
      </span>
      <span>
        <b>{tile.name}</b>
        <small>{tile.description}</small>
      </span>
      <span className="bs-tile__marks">
        {tile.badge === "new" ? <Badge tone="info">{t.badgeNew}</Badge> : null}
        {tile.badge === "trial" ? <Badge tone="info">{t.badgeTrial}</Badge> : null}
        {tile.reach === "rie" ? <Reach short={t.reachRie} long={t.reachRieLong} /> : null}
        {tile.reach === "vpn" ? <Reach short={t.reachVpn} long={t.reachVpnLong} /> : null}
      </span>
    </a>
  );
}

/** From which network a tool opens, when not from everywhere. */
function Reach({ short, long }: { short: string; long: string }) {
  return (
    <Badge>
      <span title={long}>{short}</span>
      <span className="bs-sr">, {long}</span>
    </Badge>
  );
}
