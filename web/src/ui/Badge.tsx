import type { ReactNode } from "react";

/** A short state beside a name: never the only place where it is said by colour. */
export function Badge({ tone = "neutral", children }: { tone?: "neutral" | "info"; children: ReactNode }) {
  return <span className={tone === "info" ? "bs-badge bs-badge--info" : "bs-badge"}>{children}</span>;
}
