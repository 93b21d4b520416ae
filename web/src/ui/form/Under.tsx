import { Icon } from "../Icon.tsx";
import type { Described } from "./described.ts";

/** The line under a field: the fault when there is one, else the hint. */
export function Under({ id, hint, error }: Described & { id: string }) {
  if (error !== undefined) {
    return (
      <p className="bs-under bs-under--error" id={id}>
        <Icon name="error-warning-line" />
        {error}
      </p>
    );
  }
  return hint === undefined ? null : (
    <div className="bs-under" id={id}>
      {hint}
    </div>
  );
}
