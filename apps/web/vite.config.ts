import { defaultClientConditions, defineConfig } from "vite";

export default defineConfig({
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  resolve: { conditions: ["source", ...defaultClientConditions] },
  build: {
    outDir: "dist",
    rolldownOptions: { input: ["index.html", "lobby.html", "demo.html", "inspector.html"] },
    target: "es2023",
    // The browsers that know `light-dark()`, nesting and popovers; without this line the minifier rewrites the first two.
    cssTarget: ["chrome123", "firefox125", "safari17.5"],
    // The page is served under `default-src 'self'`: nothing may end up as a data: script or an inline one.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: {
      "/api": { target: "http://127.0.0.1:4000" },
      "/inspector/api": { target: "http://127.0.0.1:4000" },
      "/socket": { target: "http://127.0.0.1:4000", ws: true },
      "/cable": { target: "http://127.0.0.1:4000", ws: true },
    },
  },
});
