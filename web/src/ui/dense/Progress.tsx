import { useId } from "react";

/** How far a long work is, in words and as a bar. */
export function Progress({ label, value, max }: { label: string; value: number; max: number }) {
  const id = useId();
  return (
    <div className="bs-progress">
      <p id={id} role="status">
        {label}
      </p>
      <progress aria-labelledby={id} value={value} max={Math.max(1, max)} />
    </div>
  );
}
