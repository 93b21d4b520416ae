import type { ReactNode } from "react";

import { Icon } from "./Icon.tsx";
import type { IconName } from "./icons/names.ts";

interface PlaceholderProps {
  icon: IconName;
  tone?: "brand" | "error";
  title: string;
  children: ReactNode;
}

/** What stands where a list would be: nothing to show, or something went wrong. */
export function Placeholder({ icon, tone = "brand", title, children }: PlaceholderProps) {
  return (
    <div className="bs-void" role={tone === "error" ? "alert" : undefined}>
      <span className={tone === "error" ? "bs-void__icon c-err" : "bs-void__icon c-brand"}>
        <Icon name={icon} size={28} />
      </span>
      <h2>{title}</h2>
      {children}
    </div>
  );
}
