const FAMILIES = ["blue", "teal", "rust", "sand", "plum", "green"] as const;

/** A person's colour: the same on every page, taken from their id. */
function familyOf(id: string): string {
  let sum = 0;
  for (const letter of id) sum = (sum * 31 + letter.charCodeAt(0)) % 997;
  return FAMILIES[sum % FAMILIES.length] ?? FAMILIES[0];
}

interface AvatarProps {
  initials: string;
  large?: boolean;
  /** Whose: gives the colour. Absent: the reader. */
  of?: string;
}

/** Initials of a person in a circle. The name stands beside it or on its button. */
export function Avatar({ initials, large = false, of }: AvatarProps) {
  const colour = `c-${of === undefined ? "blue" : familyOf(of)}`;
  return (
    <span className={large ? `bs-avatar bs-avatar--md ${colour}` : `bs-avatar ${colour}`} aria-hidden="true">
      {initials}
    </span>
  );
}
