import type { ReactNode } from "react";

import { Icon } from "./Icon.tsx";
import type { IconName } from "./icons/names.ts";

export type BadgeTone = "neutral" | "info" | "warn" | "error" | "ok";

/** A short state beside a name: never the only place where it is said by colour. */
export function Badge({ tone = "neutral", icon, children }: { tone?: BadgeTone; icon?: IconName; children: ReactNode }) {
  return (
    <span className={tone === "neutral" ? "bs-badge" : `bs-badge bs-badge--${tone}`}>
      {icon === undefined ? null : <Icon name={icon} size={16} />}
      {children}
    </span>
  );
}
