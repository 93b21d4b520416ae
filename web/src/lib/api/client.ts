import createClient from "openapi-fetch";

import { notePlace } from "../live/place.ts";
import { goToSignIn } from "../navigation.ts";
import { noteAnswer } from "./network.ts";
import { once } from "./once.ts";
import { ApiFailure, failureOf } from "./problem.ts";
import type { paths } from "./schema.d.ts";

/** What a GET of this path answers with. */
export type AnswerOf<Path extends Readable> =
  paths[Path]["get"]["responses"][200]["content"]["application/json"];

/** The paths that answer a GET with JSON. */
type Readable = {
  [Path in keyof paths]: paths[Path] extends {
    get: { responses: { 200: { content: { "application/json": unknown } } } };
  }
    ? Path
    : never;
}[keyof paths];

export const api = createClient<paths>({
  baseUrl: location.origin,
  credentials: "same-origin",
  // Looked up at each request, so that what wraps it later is used.
  fetch: (request) => once(request, ask),
});

async function ask(request: Request): Promise<Response> {
  const response = await fetch(request);
  noteAnswer(response);
  notePlace(response);
  return response;
}

interface Answer<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

/**
 * The data of an answer, or an {@link ApiFailure}. A session that is over sends to the sign-in page.
 */
export async function dataOf<Data>(answer: Promise<Answer<Data>>): Promise<Data> {
  let result: Answer<Data>;
  try {
    result = await answer;
  } catch {
    throw new ApiFailure("unreachable");
  }
  if (result.data !== undefined) return result.data;
  const failure = failureOf(result.response.status, result.error);
  if (failure.kind === "signed-out") goToSignIn();
  throw failure;
}
