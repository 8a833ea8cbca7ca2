// A temporary data folder for a test on the double, and the script that the test runs in its page.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build } from 'vite';

/** One script without imports, from tests/e2e/electron-page.ts; it sets `testPage`. */
async function pageScript(): Promise<string> {
  const result = await build({
    configFile: false,
    envFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      target: 'es2023',
      lib: { entry: path.resolve(import.meta.dirname, '../../e2e/electron-page.ts'), formats: ['iife'], name: 'page' },
    },
  });
  const [output] = Array.isArray(result) ? result : [result];
  if (!output || !('output' in output)) throw new Error('The page script was not built.');
  return output.output[0].code;
}

export function newDataFolder(): { path: string; remove(): void; pageScript(): Promise<string> } {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'caravan-electron-'));
  return {
    path: folder,
    pageScript,
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}
