// The classic script that sets theme, look and language on <html> before the first paint.
// It is a file of its own, since the content security policy forbids inline scripts.

import { readFileSync } from "node:fs";
import type { Plugin } from "vite";

import { emit, hashedName, type EmittedFile } from "./emitted.ts";

const SOURCE = new URL("../src/boot/appearance.js", import.meta.url);

export function bootScript(): Plugin {
  const source = readFileSync(SOURCE, "utf8").replace(/^\s*\/\/.*\n/gm, "");
  const file: EmittedFile = {
    fileName: hashedName("appearance", ".js", source),
    contentType: "text/javascript",
    source,
  };
  return {
    name: "besace:boot-script",
    ...emit(() => [file]),
    transformIndexHtml: () => [
      { tag: "script", attrs: { src: `/${file.fileName}` }, injectTo: "head-prepend" },
    ],
  };
}
