/** A grey bar in the place of a text that is on its way. */
export function Bar({ width }: { width: "short" | "middle" | "long" }) {
  return <span className={`bs-sk bs-sk--${width}`} />;
}

/** The true shape of a tile. */
export function TileShape() {
  return (
    <span className="bs-tile">
      <span className="bs-tile__icon bs-sk" />
      <span className="bs-tile__shape">
        <Bar width="middle" />
        <Bar width="long" />
      </span>
    </span>
  );
}
