import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

import { bootScript } from "./vite/boot-script.ts";
import { fonts } from "./vite/fonts.ts";
import { icons } from "./vite/icons.ts";
import { kitStyles } from "./vite/kit-styles.ts";

/**
 * `provider.html`, beside what `vite build` made: an application of its own for administrators of a
 * provider without a portal. Apart, so that a first visit of the portal downloads nothing for it and
 * no more files than before.
 */
export default defineConfig(({ mode }) => ({
  plugins: [react(), bootScript(), fonts(), icons(), kitStyles({ marianne: mode === "state" })],
  build: {
    target: ["chrome111", "firefox115", "safari16.4"],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    emptyOutDir: false,
    copyPublicDir: false,
    rolldownOptions: { input: "provider.html" },
  },
}));
