import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

import { bootScript } from "./vite/boot-script.ts";
import { fonts } from "./vite/fonts.ts";
import { icons } from "./vite/icons.ts";
import { kitStyles } from "./vite/kit-styles.ts";
import { serviceWorker } from "./vite/service-worker.ts";

/**
 * `vite build` makes the neutral look, free of what is reserved to the State.
 * `vite build --mode state` keeps the State's typeface beside it: only official sites may use it.
 */
export default defineConfig(({ mode }) => ({
  plugins: [react(), bootScript(), fonts(), icons(), kitStyles({ marianne: mode === "state" }), serviceWorker()],
  build: {
    target: ["chrome111", "firefox115", "safari16.4"],
    // Nothing is inlined as data: the policy allows data: for images only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: {
    // `npm run dev` beside a running `besace demo`.
    proxy: Object.fromEntries(
      ["/api", "/connexion", "/deconnexion", "/invitation", "/_pages"].map((path) => [path, "http://localhost:8080"]),
    ),
  },
  test: {
    environment: "jsdom",
    setupFiles: ["./src/test/setup.ts"],
    include: ["src/**/*.test.{ts,tsx}", "widgets/**/*.test.ts"],
    css: false,
    // No gate on time: a busy machine renders a dense page ten times slower.
    testTimeout: 60_000,
  },
}));
