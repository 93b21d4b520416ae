// Where the server's hints stood when the first answers on the page were made: what was said
// between them and the opening of the stream is asked for from there.

/** On answers of the API: `START-NUMBER`, the place of the last hint of that process. */
const PLACE_HEADER = "besace-live";

let noted: string | undefined;

/** Notes an answer's place: the earliest of one process, the first of several. */
export function notePlace(response: Response): void {
  const place = response.headers.get(PLACE_HEADER);
  if (place !== null && (noted === undefined || isAfter(noted, place))) noted = place;
}

/** The earliest place noted since the last call. */
export function takePlace(): string | undefined {
  const place = noted;
  noted = undefined;
  return place;
}

/** Whether a hint of this place was said after the other; of two processes nobody knows. */
export function isAfter(place: string, other: string): boolean {
  const [mine, its] = [split(place), split(other)];
  return mine.start === its.start && mine.number > its.number;
}

function split(place: string): { start: string; number: number } {
  const end = place.lastIndexOf("-");
  return { start: place.slice(0, end), number: Number(place.slice(end + 1)) };
}
