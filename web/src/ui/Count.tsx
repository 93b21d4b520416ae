/** How many wait, beside a name. `label` says it in words; nothing for zero. */
export function Count({ value, label }: { value: number; label?: string }) {
  if (value <= 0) return null;
  return (
    <span className="bs-count">
      <span aria-hidden={label === undefined ? true : undefined}>{value > 99 ? "99+" : value}</span>
      {label === undefined ? null : <span className="bs-sr"> {label}</span>}
    </span>
  );
}
