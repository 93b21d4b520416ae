// What a first visit downloads, brotli quality 11, against its budget. Run after `npm run build`.

import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";

const KILO = 1024;
/** Kilobytes (1,024 bytes) after compression. */
const BUDGETS = { "entry JavaScript": 100, CSS: 35, "icon sprite": 12, "Latin typeface": 60, launcher: 6 };

const dist = fileURLToPath(new URL("../dist", import.meta.url));
const index = readFileSync(join(dist, "index.html"), "utf8");
const linked = (pattern) => [...index.matchAll(pattern)].map((match) => match[1].slice(1));
const sprite = readdirSync(join(dist, "assets")).filter((name) => /^icons-(?!all-).*\.svg$/.test(name));

const parts = {
  "entry JavaScript": linked(/(?:<script[^>]+src|rel="modulepreload"[^>]+href)="([^"]+\.js)"/g),
  CSS: linked(/href="([^"]+\.css)"/g),
  "icon sprite": sprite.map((name) => `assets/${name}`),
  "Latin typeface": ["fonts/inter-latin.woff2"],
  launcher: ["_launcher/v1.js"],
};

function transferred(file) {
  const bytes = readFileSync(join(dist, file));
  if (file.endsWith(".woff2")) return bytes.length;
  return brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
}

let over = false;
for (const [name, files] of Object.entries(parts)) {
  const size = files.reduce((sum, file) => sum + transferred(file), 0) / KILO;
  const budget = BUDGETS[name];
  const verdict = files.length === 0 ? "MISSING" : size > budget ? "OVER" : "ok";
  over ||= verdict !== "ok";
  const line = `${name.padEnd(18)}${size.toFixed(1).padStart(7)} KiB of ${String(budget).padStart(3)}  ${verdict}`;
  console.log(`${line}  ${files.map((file) => basename(file)).join(" ")}`);
}
process.exit(over ? 1 : 0);
