// The servers that are compared, and how each is installed and started. They are no dependencies: npm puts them into the cache.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { ROOT, startNode, startProgram } from './processes.js';

/** Git-ignored, and removed by the next `npm ci`. */
export const CACHE = path.join(ROOT, 'node_modules/.cache/caravan-bench');
const run = promisify(execFile);

/**
 * @typedef {'bare' | 'yjs' | 'hocuspocus'} Dialect `bare` passes on and answers nothing
 * @typedef {{
 *   id: string, title: string, stores: string, keeps: boolean, dialect: Dialect,
 *   start: (data: string) => Promise<import('./processes.js').Program>,
 *   install?: () => Promise<void>,
 * }} Server
 */

/** @param {string} name @param {Record<string, unknown>} manifest @param {Record<string, string>} files */
async function install(name, manifest, files = {}) {
  const folder = path.join(CACHE, name);
  const text = JSON.stringify({ name: `bench-${name}`, private: true, ...manifest }, null, 2);
  const done = path.join(folder, 'installed.json');
  mkdirSync(folder, { recursive: true });
  for (const [file, content] of Object.entries(files)) writeFileSync(path.join(folder, file), content);
  if (existsSync(done) && readFileSync(done, 'utf8') === text) return;
  writeFileSync(path.join(folder, 'package.json'), text);
  await run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder, timeout: 300_000 });
  writeFileSync(done, text);
}

/** A port that was free a moment ago; these servers cannot tell which one they were given. @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/** Hocuspocus with the stock database extension, the statements of its SQLite extension, and Node's own SQLite. */
const HOCUSPOCUS = `import { DatabaseSync } from 'node:sqlite';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { Server } from '@hocuspocus/server';
import { Database } from '@hocuspocus/extension-database';
const [data, port] = process.argv.slice(2);
mkdirSync(data, { recursive: true });
const db = new DatabaseSync(path.join(data, 'db.sqlite'));
db.exec('CREATE TABLE IF NOT EXISTS "documents" ("name" varchar(255) NOT NULL, "data" blob NOT NULL, UNIQUE(name))');
const server = new Server({
  port: Number(port), address: '127.0.0.1', quiet: true,
  extensions: [new Database({
    fetch: async ({ documentName }) =>
      db.prepare('SELECT data FROM "documents" WHERE name = $name ORDER BY rowid DESC').get({ $name: documentName })?.data ?? null,
    store: async ({ documentName, state }) => {
      db.prepare('INSERT INTO "documents" ("name", "data") VALUES ($name, $data) ON CONFLICT(name) DO UPDATE SET data = $data')
        .run({ $name: documentName, $data: state });
    },
  })],
});
await server.listen();
console.log(JSON.stringify({ event: 'listening', url: 'ws://127.0.0.1:' + port, pid: process.pid }));
`;

/** @param {string} name @returns {Server['start']} */
const startReference = (name) => async (data) => {
  const port = await freePort();
  const script = path.join(CACHE, name, 'node_modules/@y/websocket-server/src/server.js');
  return startNode(process.execPath, [script], {
    env: { HOST: '127.0.0.1', PORT: String(port), YPERSISTENCE: data },
    // The version that persists says so first, in words.
    ready: () => ({ url: `ws://127.0.0.1:${port}` }),
  }).then(async (program) => {
    await listening(port);
    return program;
  });
};

/** @param {number} port */
async function listening(port) {
  for (;;) {
    const answered = await fetch(`http://127.0.0.1:${port}/`).then(
      () => true,
      () => false,
    );
    if (answered) return;
  }
}

/** @type {readonly Server[]} */
export const SERVERS = Object.freeze([
  {
    id: 'caravan',
    title: 'Caravan relay',
    stores: 'LevelDB, every group commit synced before anybody is told',
    keeps: true,
    dialect: 'yjs',
    start: (data) => startProgram('build/bin/caravan-relay.js', ['serve', '--open', '--port', '0', '--data', data]),
  },
  {
    id: 'bare',
    title: 'bare ws',
    stores: 'nothing',
    keeps: false,
    dialect: 'bare',
    start: () => startProgram('tests/bench/bare-server.js', []),
  },
  {
    id: 'reference',
    title: 'y-websocket 0.1.1',
    stores: 'y-leveldb (its stock persistence), after it has broadcast',
    keeps: true,
    dialect: 'yjs',
    install: () =>
      install('reference', { dependencies: { '@y/websocket-server': '0.1.1', yjs: '13.6.33', 'y-leveldb': '0.1.2' } }),
    start: startReference('reference'),
  },
  {
    id: 'reference-memory',
    title: 'y-websocket 0.1.5',
    stores: 'nothing (this version has no persistence of its own)',
    keeps: false,
    dialect: 'yjs',
    install: () =>
      install('reference-memory', {
        dependencies: { '@y/websocket-server': '0.1.5', '@y/protocols': '1.0.6-1' },
        overrides: { '@y/protocols': '1.0.6-1' },
      }),
    start: startReference('reference-memory'),
  },
  {
    id: 'hocuspocus',
    title: 'Hocuspocus 4.7',
    stores: 'its database extension on SQLite, 2 s after the last change, 10 s at most',
    keeps: true,
    dialect: 'hocuspocus',
    install: () =>
      install(
        'hocuspocus',
        {
          type: 'module',
          dependencies: {
            '@hocuspocus/server': '4.7.0',
            '@hocuspocus/extension-database': '4.7.0',
            yjs: '13.6.33',
            node: '22.23.3',
          },
        },
        { 'server.js': HOCUSPOCUS },
      ),
    async start(data) {
      const folder = path.join(CACHE, 'hocuspocus');
      const node = path.join(folder, 'node_modules/node/bin/node');
      return startNode(node, ['--no-warnings', 'server.js', data, String(await freePort())], { cwd: folder });
    },
  },
]);

/** @param {string} id @returns {Server} */
export function serverOf(id) {
  const server = SERVERS.find((one) => one.id === id);
  if (!server) throw new Error(`There is no server called ${id}.`);
  return server;
}
