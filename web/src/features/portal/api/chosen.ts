// The favourites chosen last, until the server has them: an answer from before they were sent must
// not bring the former ones back, nor be what the next choice starts from.

let chosen: readonly string[] | undefined;
let onTheWay = 0;

/** The favourites on their way to the server, if any. */
export function favouritesOnTheWay(): readonly string[] | undefined {
  return chosen;
}

/** These are being sent. */
export function sending(favourites: readonly string[]): void {
  chosen = favourites;
  onTheWay += 1;
}

/** One of those sent has arrived, or never will. True when none is left on the way. */
export function arrived(): boolean {
  onTheWay -= 1;
  if (onTheWay > 0) return false;
  chosen = undefined;
  return true;
}
