#!/usr/bin/env node
// Starts the built command line, or says plainly that it is not built. It holds nothing else.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const root = path.resolve(import.meta.dirname, '../..');
const program = path.join(root, 'dist/cli.js');

if (!existsSync(program)) {
  console.error(
    'Caravan is not built here: dist/cli.js is missing. Nothing was changed. Run "npm ci" or "npm run build".',
  );
  process.exit(1);
}
const { main } = await import(pathToFileURL(program).href);
await main({
  root,
  windows: path.join(root, 'dist/renderer'),
  search: path.join(root, 'dist/search.cjs'),
  electron: () => import('../electron-runtime.js'),
});
