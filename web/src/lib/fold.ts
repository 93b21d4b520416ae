/** A text without accents, ligatures and case: `Œuvre d’été` → `oeuvre d'ete`. */
export function fold(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll("œ", "oe")
    .replaceAll("æ", "ae")
    .replaceAll("’", "'")
    .replace(/\s+/gu, " ")
    .trim();
}

/** Whether each word of a query is found in a text, in any order. */
export function matches(query: string, text: string): boolean {
  const folded = fold(text);
  return fold(query)
    .split(" ")
    .every((word) => folded.includes(word));
}
