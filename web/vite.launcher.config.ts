import { defineConfig } from "vite";

import { launcherIcons } from "./vite/launcher-icons.ts";

/**
 * The launcher that other sites embed, one classic script under a name that never moves, and the
 * pictures that it shows. Built after the web app, into the same `dist`.
 */
export default defineConfig({
  plugins: [launcherIcons()],
  publicDir: false,
  // A thousand pictures would be listed.
  logLevel: "warn",
  build: {
    target: ["chrome111", "firefox115", "safari16.4"],
    outDir: "dist/_launcher",
    emptyOutDir: false,
    reportCompressedSize: false,
    lib: {
      entry: "widgets/launcher/index.ts",
      formats: ["iife"],
      name: "BesaceLauncherScript",
      fileName: () => "v1.js",
    },
  },
});
