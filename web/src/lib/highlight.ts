import { fold } from "./fold.ts";

/** A piece of a text; `hit`: one of the words looked for. */
export interface Piece {
  readonly at: number;
  readonly text: string;
  readonly hit: boolean;
}

/** Cuts a text where the words of a query are in it, whatever their accents and case. */
export function piecesOf(text: string, query: string): Piece[] {
  const { folded, origin } = foldedWithOrigin(text);
  const marked = Array.from({ length: text.length }, () => false);
  for (const word of fold(query).split(" ")) {
    if (word === "") continue;
    for (let found = folded.indexOf(word); found >= 0; found = folded.indexOf(word, found + 1)) {
      const from = origin[found] ?? 0;
      const to = origin[found + word.length] ?? text.length;
      marked.fill(true, from, to);
    }
  }
  const pieces: Piece[] = [];
  let start = 0;
  for (let index = 1; index <= text.length; index += 1) {
    if (index < text.length && marked[index] === marked[start]) continue;
    pieces.push({ at: start, text: text.slice(start, index), hit: marked[start] ?? false });
    start = index;
  }
  return pieces;
}

/** The folded text, and for each of its characters where it stands in the original. */
function foldedWithOrigin(text: string): { folded: string; origin: number[] } {
  let folded = "";
  const origin: number[] = [];
  let index = 0;
  for (const character of text) {
    const plain = /\s/u.test(character) ? " " : fold(character);
    for (let letter = 0; letter < plain.length; letter += 1) origin.push(index);
    folded += plain;
    index += character.length;
  }
  origin.push(text.length);
  return { folded, origin };
}
