// The API, called as the page calls it: by the visitor's cookies and the session's token.

import assert from "node:assert/strict";

/**
 * @param {{context: import("playwright-core").BrowserContext}} visitor signed in
 * @param {{baseUrl: string}} demo
 */
export async function sessionOf(visitor, demo) {
  const { request } = visitor.context;
  const address = (path) => new URL(path, demo.baseUrl).href;
  const facts = await request.get(address("/api/v1/session"));
  assert.equal(facts.status(), 200);
  const { agent, csrfToken } = await facts.json();

  /** The answer as it came. */
  const ask = (method, path, data) =>
    request.fetch(address(path), {
      method,
      headers: { "x-besace-csrf": csrfToken },
      ...(data === undefined ? {} : { data }),
    });
  /** The JSON of an answer that must be a success. */
  const call = async (method, path, data) => {
    const answer = await ask(method, path, data);
    const text = await answer.text();
    assert.ok(answer.ok(), `${method} ${path}: ${answer.status()} ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  };
  return { agent, ask, call, get: (path) => call("GET", path) };
}
