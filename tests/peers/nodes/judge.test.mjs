// What a crash run is held against finds what it should.

import assert from "node:assert/strict";
import { test } from "node:test";

import { inboxFaults, isCutOff, journalFaults, mailFaults, mailed, toolFaults, tooFew } from "./judge.mjs";

const failed = (message, facts) => Object.assign(new Error(message), facts);

test("only a line that was cut and a server that is not there leave open what was done", async () => {
  const refused = await fetch("http://127.0.0.1:1/").catch((error) => error);
  assert.ok(isCutOff(refused), String(refused));
  for (const error of [
    new TypeError("terminated"),
    new DOMException("This operation was aborted", "AbortError"),
    failed("GET /: 502", { status: 502 }),
    failed("GET /: 503", { status: 503 }),
  ]) {
    assert.ok(isCutOff(error), String(error));
  }
  for (const error of [
    failed("GET /: 500", { status: 500 }),
    failed("GET /: 401", { status: 401 }),
    failed("the sign-in stays on /connexion (200)", { status: 200 }),
    new TypeError("Cannot read properties of undefined (reading 'id')"),
    new SyntaxError("Unexpected end of JSON input"),
  ]) {
    assert.ok(!isCutOff(error), String(error));
  }
});

test("a run that wrote little, or was cut off most of the time, says so", () => {
  const enough = { signIns: 25, notices: 25, tools: 25, settings: 25, mailed: 25 };
  assert.deepEqual(tooFew(enough, 100, 50), []);
  assert.equal(tooFew(enough, 101, 50).length, 1);
  for (const name of Object.keys(enough)) {
    assert.equal(tooFew({ ...enough, [name]: 24 }, 0, 50).length, 1, name);
  }
});

const mail = (id, plain) => ({ values: { "message-id": id }, plain });

test("a mail handed over twice is one mail, and a notice in two mails is found", () => {
  const told = (more) => ({ urgent: true, lost: 0, carriedOut: 1, acknowledged: true, ...more });
  const once = mailed([mail("a", "notice-1-1"), mail("a", "notice-1-1"), mail("b", "notice-1-12")]);
  assert.deepEqual([once.mails, once.again], [2, 1]);
  const both = new Map([["notice-1-1", told()], ["notice-1-12", told()]]);
  assert.deepEqual(mailFaults(both, once.keys), []);

  const { keys } = mailed([mail("a", "notice-1-1"), mail("b", "notice-1-1")]);
  const faults = (notice) => mailFaults(new Map([["notice-1-1", notice]]), keys);
  assert.equal(faults(told()).length, 1);
  // One lost answer whose notice was not there when somebody looked.
  assert.equal(faults(told({ lost: 1 })).length, 1);
  assert.deepEqual(faults(told({ lost: 1, carriedOut: 2 })), []);
  assert.equal(mailFaults(new Map(), keys).length, 1);
  assert.equal(mailFaults(new Map([["notice-9-9", told()]]), new Map()).length, 1);
});

test("a notice that is missing or there twice is found", () => {
  const notices = new Map([["one", { acknowledged: true }], ["two", { acknowledged: false }]]);
  assert.deepEqual(inboxFaults(notices, new Map([["one", 1]])), []);
  assert.equal(inboxFaults(notices, new Map([["two", 1]])).length, 1);
  assert.equal(inboxFaults(notices, new Map([["one", 2], ["two", 2]])).length, 2);
});

test("a tool that is missing, there twice or not published is found", () => {
  const tool = { name: "Outil 1", id: "a", published: true };
  const there = { id: "a", name: { fr: "Outil 1" }, state: "published" };
  assert.deepEqual(toolFaults([tool], [there]), []);
  assert.equal(toolFaults([tool], []).length, 1);
  assert.equal(toolFaults([tool], [{ ...there, state: "draft" }]).length, 1);
  assert.equal(toolFaults([tool], [there, { ...there, id: "b" }]).length, 1);
  const lost = { name: "Outil 1", id: null, published: false };
  assert.deepEqual(toolFaults([lost], []), []);
  assert.equal(toolFaults([lost], [there, { ...there, id: "b" }]).length, 1);
});

test("an act that is in the journal twice, not at all or for nothing is found", () => {
  assert.deepEqual(journalFaults("act", ["a", "b"], ["a"]), []);
  assert.equal(journalFaults("act", ["a", "a"], ["a"]).length, 1);
  assert.equal(journalFaults("act", ["b"], ["a"]).length, 1);
  assert.equal(journalFaults("act", ["a", "b"], ["a"], ["a"]).length, 1);
});
