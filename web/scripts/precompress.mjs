// Writes `file.br` beside each text file of dist: the server sends them as they are.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";

const DIST = fileURLToPath(new URL("../dist", import.meta.url));
const TEXT = new Set([".html", ".js", ".css", ".svg", ".txt", ".webmanifest", ".json"]);

/** Each fits one packet as it is, and there are a thousand. */
const SMALL = join(DIST, "_launcher/icons");

for (const entry of readdirSync(DIST, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !TEXT.has(extname(entry.name))) continue;
  if (entry.parentPath === SMALL) continue;
  const file = join(entry.parentPath, entry.name);
  const plain = readFileSync(file);
  const small = brotliCompressSync(plain, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
      [constants.BROTLI_PARAM_SIZE_HINT]: plain.length,
    },
  });
  if (small.length < plain.length) writeFileSync(`${file}.br`, small);
}
