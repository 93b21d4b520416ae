import { noteAnswer } from "../../../lib/api/network.ts";
import { refusal, type SourceResult } from "../../../lib/api/shapes.ts";
import { ApiFailure } from "../../../lib/api/problem.ts";

export type { SearchHit, SourceResult } from "../../../lib/api/shapes.ts";

/**
 * Asks every source, and gives each as it ends.
 *
 * @throws {ApiFailure} when the search itself cannot be done; a source that fails is a result.
 */
export async function search(words: string, signal: AbortSignal, onSource: (result: SourceResult) => void): Promise<void> {
  const address = new URL(`/api/v1/search?q=${encodeURIComponent(words)}`, location.origin);
  let response: Response;
  try {
    response = await fetch(new Request(address, { headers: { accept: "application/x-ndjson" }, credentials: "same-origin", signal }));
  } catch (error) {
    if (signal.aborted) throw error;
    throw new ApiFailure("unreachable");
  }
  noteAnswer(response);
  if (!response.ok || response.body === null) throw await refusal(response);
  for await (const line of linesOf(response.body)) {
    const result = JSON.parse(line) as Partial<SourceResult> & { end?: boolean };
    if (result.end) return;
    if (typeof result.source === "string") onSource(result as SourceResult);
  }
  // The stream was cut before its last line: something may be missing.
  throw new ApiFailure("unreachable");
}

/** The lines of a stream of UTF-8, as soon as each is whole. */
export async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let rest = "";
  try {
    for (;;) {
      // One piece after the other: that is what a stream is.
      // oxlint-disable-next-line no-await-in-loop
      const { value, done } = await reader.read();
      rest += decoder.decode(value, { stream: !done });
      const lines = rest.split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) if (line.trim() !== "") yield line;
      if (done) break;
    }
    if (rest.trim() !== "") yield rest;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
