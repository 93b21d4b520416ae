import type { ReactNode } from "react";

import { Icon } from "../Icon.tsx";
import type { IconName } from "../icons/names.ts";

interface StateProps {
  tone?: "neutral" | "info" | "warn" | "error" | "ok";
  icon?: IconName;
  children: ReactNode;
}

/** The state of a thing, in a word: the colour only repeats it. */
export function State({ tone = "neutral", icon, children }: StateProps) {
  return (
    <span className={tone === "neutral" ? "bs-badge bs-state" : `bs-badge bs-state bs-badge--${tone}`}>
      {icon === undefined ? null : <Icon name={icon} />}
      {children}
    </span>
  );
}
