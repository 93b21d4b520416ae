import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { once } from "./once.ts";

const post = (body: string, path = "/api/v1/requests") =>
  new Request(`http://besace.exemple${path}`, { method: "POST", body, headers: { "content-type": "application/json" } });
const answer = (status: number, headers: Record<string, string> = {}) => new Response(null, { status, headers });

/** A server that gives these answers in turn; a lost one is a failure of the network. */
function server(...answers: (Response | "lost")[]) {
  const keys: (string | null)[] = [];
  const send = async (request: Request) => {
    keys.push(request.headers.get("idempotency-key"));
    const next = answers.shift();
    if (next === undefined || next === "lost") throw new TypeError("network");
    return next;
  };
  return { keys, send };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("a write whose answer was lost is asked again under its key, and the next one has its own", async () => {
  const { keys, send } = server("lost", answer(201), answer(201));
  await expect(once(post("1"), send)).rejects.toThrow("network");
  await once(post("1"), send);
  await once(post("1"), send);
  expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
  expect(keys[1]).toBe(keys[0]);
  expect(keys[2]).not.toBe(keys[0]);
});

test("another write has another key", async () => {
  const { keys, send } = server("lost", answer(201));
  await expect(once(post("2"), send)).rejects.toThrow("network");
  await once(post("3"), send);
  expect(keys[1]).not.toBe(keys[0]);
});

test("a write that is being carried out is waited for", async () => {
  const { keys, send } = server(answer(409, { "retry-after": "1" }), answer(201));
  const answered = once(post("4"), send);
  await vi.advanceTimersByTimeAsync(1_000);
  expect((await answered).status).toBe(201);
  expect(keys[1]).toBe(keys[0]);
});

test("what failed is asked again under its key, whoever failed", async () => {
  const { keys, send } = server(answer(502), answer(503), answer(201), answer(201));
  for (const status of [502, 503, 201, 201]) {
    // oxlint-disable-next-line no-await-in-loop
    expect((await once(post("6"), send)).status).toBe(status);
  }
  expect(new Set(keys.slice(0, 3)).size).toBe(1);
  expect(keys[3]).not.toBe(keys[0]);
});

test("any other conflict is an answer", async () => {
  const { send } = server(answer(409));
  expect((await once(post("5"), send)).status).toBe(409);
});

test("what only reads, and a file, go without a key", async () => {
  const { keys, send } = server(answer(200), answer(201));
  await once(new Request("http://besace.exemple/api/v1/home"), send);
  await once(new Request("http://besace.exemple/api/v1/admin/imports", { method: "POST", body: "a;b", headers: { "content-type": "text/csv" } }), send);
  expect(keys).toEqual([null, null]);
});
