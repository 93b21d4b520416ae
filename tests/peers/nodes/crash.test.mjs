// The short form of `cargo xtask bench crash`: three kills on each database. It waits for a few
// seconds without a mail only: what a lease brings back after a minute is the long form's to find.

import assert from "node:assert/strict";
import { test } from "node:test";

import { crash } from "./crash.mjs";

const seed = Number(process.env.BESACE_CRASH_SEED ?? Date.now() % 1_000_000);

const SILENCE_MS = 5_000;

for (const database of ["sqlite", "postgres"]) {
  test(`what was acknowledged outlives kill -9 on ${database}`, async () => {
    console.log(`# seed ${seed} (BESACE_CRASH_SEED)`);
    const { figures, faults } = await crash({ database, kills: 3, seed, silence: SILENCE_MS });
    console.log(`# ${JSON.stringify(figures)}`);
    assert.deepEqual(faults, []);
  });
}
