import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { build, defineConfig, type Plugin } from "vite";

const STATIC = fileURLToPath(new URL("../src/fetuin/service/_static", import.meta.url));
const PANELS = ["assessment", "trajectory", "plate"];

/** Addresses in comments and messages of libraries lose their scheme: no built file names a foreign host. */
function noForeignHosts(): Plugin {
  return {
    name: "no-foreign-hosts",
    generateBundle(_, bundle) {
      for (const file of Object.values(bundle))
        if (file.type === "chunk") file.code = file.code.replace(/https?:\/\/(?!www\.w3\.org)(?=[a-z])/g, "");
    },
  };
}

/** Notebook panels: one self-contained ES module each, `panels/NAME.js` with `panels/NAME.css`, built after the page. */
function notebookPanels(): Plugin {
  return {
    name: "notebook-panels",
    apply: "build",
    async closeBundle() {
      for (const name of PANELS)
        await build({
          configFile: false,
          logLevel: "warn",
          publicDir: false,
          plugins: [noForeignHosts()],
          build: {
            outDir: `${STATIC}/panels`,
            emptyOutDir: false,
            minify: true,
            lib: {
              entry: fileURLToPath(new URL(`src/panels/${name}.ts`, import.meta.url)),
              formats: ["es"],
              fileName: () => `${name}.js`,
              cssFileName: name,
            },
          },
        });
    },
  };
}

export default defineConfig({
  base: "./",
  plugins: [svelte(), noForeignHosts(), notebookPanels()],
  build: {
    outDir: STATIC,
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1600,
  },
  server: { proxy: { "/api": "http://127.0.0.1:8321" } },
});
