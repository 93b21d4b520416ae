import createClient from "openapi-fetch";

import { goToSignIn } from "../navigation.ts";
import { ApiFailure, failureOf } from "./problem.ts";
import type { components, paths } from "./schema.d.ts";

/** The shapes that the API answers with. */
export type Schemas = components["schemas"];

export const api = createClient<paths>({
  baseUrl: location.origin,
  credentials: "same-origin",
  // Looked up at each request, so that what wraps it later is used.
  fetch: (request) => fetch(request),
});

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
