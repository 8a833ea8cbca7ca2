#!/usr/bin/env node
// Starts the built relay, or says plainly that it is not built. It holds nothing else.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const program = path.resolve(import.meta.dirname, '../../dist/relay.js');

if (!existsSync(program)) {
  console.error(
    'The relay is not built here: dist/relay.js is missing. Nothing was changed. Run "npm ci" or "npm run build".',
  );
  process.exit(1);
}
await import(pathToFileURL(program).href);
