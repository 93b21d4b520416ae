// Inter under stable names: the pages that the server renders use the same two files.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Plugin } from "vite";

import { emit, type EmittedFile } from "./emitted.ts";

const { resolve } = createRequire(import.meta.url);

const FACES = { "inter-latin": "inter-latin-wght-normal", "inter-latin-ext": "inter-latin-ext-wght-normal" };

export function fonts(): Plugin {
  const files: EmittedFile[] = Object.entries(FACES).map(([name, original]) => ({
    fileName: `fonts/${name}.woff2`,
    contentType: "font/woff2",
    source: readFileSync(resolve(`@fontsource-variable/inter/files/${original}.woff2`)),
  }));
  return { name: "besace:fonts", ...emit(() => files) };
}
