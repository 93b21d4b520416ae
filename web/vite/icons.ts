// Two sprites: what every page may draw (one small request), and the whole set of the State's
// design system for tiles whose icon is outside it. A name of ours that does not exist stops the build.

import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, parse } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

import { ICONS } from "../src/ui/icons/names.ts";
import { emit, hashedName, type EmittedFile } from "./emitted.ts";

const MODULE = "virtual:icons";
const OWN = fileURLToPath(new URL("../src/ui/icons", import.meta.url));
const KIT = join(
  dirname(createRequire(import.meta.url).resolve("@codegouvfr/react-dsfr/package.json")),
  "dsfr/icons",
);

/** The kit's drawings, then ours, which replace those of the same name. */
export const ICON_FOLDERS = [KIT, OWN];

export function icons(): Plugin {
  const drawings = new Map<string, string>();
  for (const folder of ICON_FOLDERS) {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.name.endsWith(".svg")) continue;
      const text = readFileSync(join(entry.parentPath, entry.name), "utf8");
      // The kit's own additions to Remix Icon are files named `fr--…`, classes without it.
      const name = parse(entry.name).name.replace(/^fr--/, "");
      drawings.set(name, symbol(name, text));
    }
  }
  const missing = ICONS.filter((name) => !drawings.has(name));
  if (missing.length > 0) throw new Error(`no such icon: ${missing.join(", ")}`);

  const common = sprite("icons", ICONS.map((name) => drawings.get(name) ?? ""));
  const every = sprite("icons-all", [...drawings.values()]);
  return {
    name: "besace:icons",
    ...emit(() => [common, every]),
    resolveId: (id) => (id === MODULE ? `\0${MODULE}` : undefined),
    load: (id) =>
      id === `\0${MODULE}`
        ? `export const common = "/${common.fileName}"; export const every = "/${every.fileName}";`
        : undefined,
  };
}

function symbol(name: string, text: string): string {
  const viewBox = /viewBox="([^"]+)"/.exec(text)?.[1] ?? "0 0 24 24";
  const inside = text.replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "");
  return `<symbol id="${name}" viewBox="${viewBox}">${inside}</symbol>`;
}

function sprite(stem: string, symbols: readonly string[]): EmittedFile {
  const source = `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`;
  return { fileName: hashedName(stem, ".svg", source), contentType: "image/svg+xml", source };
}
