// Files that the build makes itself, served under the same path by the development server.

import { createHash } from "node:crypto";
import type { Plugin } from "vite";

/** A file of `dist` that no module imports. */
export interface EmittedFile {
  /** Path in `dist`, without leading slash. */
  readonly fileName: string;
  readonly contentType: string;
  readonly source: string | Uint8Array;
}

/** `assets/<stem>-<digest><extension>`: its name changes with its content, so it may be kept for ever. */
export function hashedName(stem: string, extension: string, source: string): string {
  const digest = createHash("sha256").update(source).digest("base64url").slice(0, 8);
  return `assets/${stem}-${digest}${extension}`;
}

/** The hooks that put files in `dist` and serve them in development. */
export function emit(files: () => readonly EmittedFile[]): Pick<Plugin, "generateBundle" | "configureServer"> {
  return {
    generateBundle() {
      for (const { fileName, source } of files()) this.emitFile({ type: "asset", fileName, source });
    },
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const path = request.url?.split("?")[0]?.slice(1);
        const file = files().find(({ fileName }) => fileName === path);
        if (file === undefined) return next();
        response.setHeader("content-type", file.contentType);
        response.end(file.source);
      });
    },
  };
}
