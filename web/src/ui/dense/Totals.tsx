interface Total {
  label: string;
  value: string;
  detail?: string;
}

/** A few figures side by side, each with what it means. */
export function Totals({ items }: { items: readonly Total[] }) {
  return (
    <dl className="bs-card bs-totals">
      {items.map(({ label, value, detail }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>
            {value} {detail === undefined ? null : <small>{detail}</small>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
