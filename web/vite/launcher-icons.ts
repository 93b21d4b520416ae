// Each icon of the set as a file of its own under a stable name: the launcher's pictures, which
// other sites show.

import { readdirSync, readFileSync } from "node:fs";
import { join, parse } from "node:path";
import type { Plugin } from "vite";

import { emit, type EmittedFile } from "./emitted.ts";
import { ICON_FOLDERS } from "./icons.ts";

/** Read on white and on black: a picture does not know the page it stands in. */
const FILL = "#6a6af4";
/** Names that a tile may bear. */
const NAME = /^[a-z0-9]+(-[a-z0-9]+)*-(line|fill)$/;

export function launcherIcons(): Plugin {
  const files: EmittedFile[] = [];
  for (const folder of ICON_FOLDERS) {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      const name = parse(entry.name).name.replace(/^fr--/, "");
      if (!entry.name.endsWith(".svg") || !NAME.test(name)) continue;
      const text = readFileSync(join(entry.parentPath, entry.name), "utf8");
      files.push({
        fileName: `icons/${name}.svg`,
        contentType: "image/svg+xml",
        source: filled(text),
      });
    }
  }
  return { name: "besace:launcher-icons", ...emit(() => files) };
}

/** The drawing in the one colour, whatever its file says. */
function filled(text: string): string {
  const open = /<svg[^>]*>/.exec(text)?.[0] ?? "";
  const coloured = open.replace(/\sfill="[^"]*"/, "").replace("<svg", `<svg fill="${FILL}"`);
  return text.replace(open, coloured).replaceAll("currentColor", FILL);
}
