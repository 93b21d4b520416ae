// Rules of the house that a linter does not know:
//  - a feature is imported from outside by its index only, and imports another by its index only;
//  - what is under features, app and lib keeps to its direction (lib and ui import no feature);
//  - only ui imports the State's kit;
//  - no file over 300 lines; no colour named outside ui.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";

const SRC = fileURLToPath(new URL("../src", import.meta.url));
const GENERATED = new Set(["lib/api/schema.d.ts"]);
const MAX_LINES = 300;
const COLOUR = /#[0-9a-f]{3,8}\b(?=["'`;\s)])|\brgba?\(|\bhsla?\(/i;

const faults = [];
const featureOf = (path) => /^features\/([^/]+)/.exec(path)?.[1];

for (const entry of readdirSync(SRC, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !/\.(tsx?|js|css)$/.test(entry.name)) continue;
  const file = join(entry.parentPath, entry.name);
  const path = relative(SRC, file).split(sep).join("/");
  if (GENERATED.has(path)) continue;
  const text = readFileSync(file, "utf8");
  const lines = text.split("\n").length;
  if (lines > MAX_LINES) faults.push(`${path}: ${lines} lines, over ${MAX_LINES}`);
  if (!path.startsWith("ui/") && COLOUR.test(text)) faults.push(`${path}: names a colour`);

  for (const [, specifier] of text.matchAll(/(?:from|import)\s*\(?["']([^"']+)["']/g)) {
    if (specifier.includes("react-dsfr") && !path.startsWith("ui/")) {
      faults.push(`${path}: imports the kit (${specifier}): only ui may`);
    }
    if (!specifier.startsWith(".")) continue;
    const target = relative(SRC, resolve(dirname(file), specifier)).split(sep).join("/");
    const feature = featureOf(target);
    if (feature === undefined || feature === featureOf(path)) continue;
    if (!/^(app|features)\//.test(path) && path !== "main.tsx") {
      faults.push(`${path}: imports a feature (${target})`);
    }
    if (target !== `features/${feature}/index.ts`) {
      faults.push(`${path}: imports ${target}: features are entered by index.ts`);
    }
  }
}

for (const fault of faults) console.error(fault);
console.log(faults.length === 0 ? "boundaries hold" : `${faults.length} fault(s)`);
process.exit(faults.length === 0 ? 0 : 1);
