import { common, every } from "virtual:icons";

import { ICONS, type IconName } from "./icons/names.ts";

const KNOWN: ReadonlySet<string> = new Set(ICONS);

/** A drawing beside a text that says the same: hidden from assistive technologies. */
export function Icon({ name, size = 20 }: { name: IconName; size?: 16 | 20 | 24 | 28 }) {
  return <Drawing name={name} size={size} />;
}

/** The icon of a tile: its name comes from the server and may be any of the State's set. */
export function TileIcon({ name, size = 20 }: { name: string; size?: 20 | 24 }) {
  return <Drawing name={name} size={size} />;
}

function Drawing({ name, size }: { name: string; size: number }) {
  const sprite = KNOWN.has(name) ? common : every;
  return (
    <svg className={`bs-icon bs-icon--${size}`} aria-hidden="true" focusable="false">
      <use href={`${sprite}#${name}`} />
    </svg>
  );
}
