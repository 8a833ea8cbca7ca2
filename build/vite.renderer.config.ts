// How the windows are built: one static folder with relative addresses, so that http:// and app:// serve the same files.
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

const root = fileURLToPath(new URL('../app/renderer/', import.meta.url));

export default defineConfig({
  root,
  base: './',
  publicDir: false,
  plugins: [svelte({ configFile: false, emitCss: true })],
  build: {
    outDir: fileURLToPath(new URL('../dist/renderer/', import.meta.url)),
    // The third-party notices are written into the same folder by another step of the build.
    emptyOutDir: false,
    // light-dark() is used as it stands: Electron and current browsers know it.
    target: ['chrome123', 'firefox128', 'safari17.5'],
    cssTarget: ['chrome123', 'firefox128', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1_500,
  },
});
