// The service worker at `/sw.js`: one classic script that knows the files of the shell.

import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "vite";

const SOURCE = fileURLToPath(new URL("../src/sw/worker.ts", import.meta.url));
const NAME = "sw.js";

/** What the shell needs beside its scripts and sheets: theme, icons of every page, Latin typeface. */
const BESIDE = /^(?:assets\/(?:appearance-|icons-(?!all-)).*|fonts\/inter-latin\.woff2)$/;

export function serviceWorker(): Plugin {
  return {
    name: "besace:service-worker",
    apply: "build",
    generateBundle: {
      order: "post",
      async handler(_options, bundle) {
        const files = new Set(Object.keys(bundle).filter((file) => BESIDE.test(file)));
        for (const chunk of Object.values(bundle)) {
          // The administration is of no use without its server, and large.
          if (chunk.type !== "chunk" || chunk.moduleIds.some((id) => id.includes("/features/admin/"))) continue;
          for (const file of [chunk.fileName, ...(chunk.viteMetadata?.importedCss ?? [])]) files.add(file);
        }
        const shell = [...files].sort().map((file) => `/${file}`);
        this.emitFile({ type: "asset", fileName: NAME, source: await workerFor(shell) });
      },
    },
  };
}

/** The worker's script, built apart: it shares no file with the application. */
async function workerFor(shell: readonly string[]): Promise<string> {
  const digest = createHash("sha256").update(shell.join()).digest("base64url").slice(0, 8);
  const result = await build({
    configFile: false,
    logLevel: "error",
    define: { __SHELL__: JSON.stringify(shell), __BUILD__: JSON.stringify(digest) },
    build: { write: false, target: "es2022", lib: { entry: SOURCE, formats: ["iife"], name: "worker", fileName: "sw" } },
  });
  const [first] = [result].flat();
  const output = first !== undefined && "output" in first ? first.output[0] : undefined;
  if (output === undefined) throw new Error("the service worker was not built");
  return output.code;
}
