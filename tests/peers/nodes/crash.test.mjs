// The short form of `cargo xtask bench crash`: three kills on each database.

import assert from "node:assert/strict";
import { test } from "node:test";

import { crash } from "./crash.mjs";

const seed = Number(process.env.BESACE_CRASH_SEED ?? Date.now() % 1_000_000);

for (const database of ["sqlite", "postgres"]) {
  test(`what was acknowledged outlives kill -9 on ${database}`, async () => {
    console.log(`# seed ${seed} (BESACE_CRASH_SEED)`);
    const { figures, faults } = await crash({ database, kills: 3, seed });
    console.log(`# ${JSON.stringify(figures)}`);
    assert.deepEqual(faults, []);
    assert.ok(figures.notices > 0 && figures.signIns > 0, JSON.stringify(figures));
  });
}
