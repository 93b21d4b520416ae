import { useLongWait } from "../lib/hooks.ts";
import { Bar } from "./Skeleton.tsx";

const ROWS = ["a", "b", "c", "d", "e"] as const;

/** The true shape of a list that is on its way; nothing for a moment. */
export function ListShape({ label }: { label: string }) {
  if (!useLongWait(true)) return null;
  return (
    <>
      <p className="bs-sr" role="status">
        {label}
      </p>
      <div className="bs-card bs-rows" aria-hidden="true">
        {ROWS.map((row) => (
          <div className="bs-rows__shape" key={row}>
            <Bar width="middle" />
            <Bar width="long" />
          </div>
        ))}
      </div>
    </>
  );
}
