/** Initials of a person in a circle. The name stands beside it or on its button. */
export function Avatar({ initials, large = false }: { initials: string; large?: boolean }) {
  return (
    <span className={large ? "bs-avatar bs-avatar--md c-blue" : "bs-avatar c-blue"} aria-hidden="true">
      {initials}
    </span>
  );
}
