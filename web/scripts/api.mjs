// Types of the API, from openapi.json. `--check`: fails when the committed ones are not up to date.
// The generator lives in tools/, with the TypeScript 5 it needs: installed there the first time.

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const path = (relative) => fileURLToPath(new URL(`../${relative}`, import.meta.url));
const generator = path("tools/node_modules/openapi-typescript/bin/cli.js");
const target = path("src/lib/api/schema.d.ts");

if (!existsSync(generator)) {
  execFileSync("npm", ["ci", "--no-audit", "--no-fund"], { cwd: path("tools"), stdio: "inherit" });
}
const types = execFileSync(process.execPath, [generator, path("openapi.json")], { encoding: "utf8" });
if (!process.argv.includes("--check")) {
  writeFileSync(target, types);
  console.log("src/lib/api/schema.d.ts written");
} else if (!existsSync(target) || readFileSync(target, "utf8") !== types) {
  console.error("src/lib/api/schema.d.ts is not what openapi.json says: run `npm run api`");
  process.exit(1);
} else {
  console.log("src/lib/api/schema.d.ts is up to date");
}
