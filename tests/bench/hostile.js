// Two honest clients of a relay that somebody attacks: how long each of their words takes from typed to shown at the other.
import { once } from 'node:events';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { bundleProgram } from '../../build/scripts/bundle-program.js';
import { ROOT } from './processes.js';
import { CACHE } from './servers.js';

const ROOM = 'bench/space/page';
const PAIR = path.join(ROOT, 'tests/interop/hostile/steady-pair.js');

/** @returns {Promise<typeof import('./attacks.ts')>} */
async function attacks() {
  const program = {
    name: 'bench attacks',
    entry: 'tests/bench/attacks.ts',
    output: 'attacks.js',
    format: /** @type {const} */ ('es'),
  };
  await bundleProgram(program, CACHE, [], () => true);
  return import(pathToFileURL(path.join(CACHE, program.output)).href);
}

/** @type {import('./sections.js').Measure} */
export async function measureHostile(server, { folder }) {
  if (server.id !== 'caravan') return {};
  /** @type {import('./sections.js').Figures} */
  const figures = {};
  for (const [id, make] of Object.entries((await attacks()).ATTACKS)) {
    const attack = make();
    const program = await server.start(path.join(folder, id));
    const pair = new Worker(PAIR, { workerData: { url: program.url, room: ROOM, pid: program.pid } });
    await once(pair, 'message');
    pair.postMessage('begin');
    await attack(new URL(program.url));
    pair.postMessage('words');
    /** @type {[{ took: number, waited: number }[]]} */
    const [words] = /** @type {any} */ (await once(pair, 'message'));
    await pair.terminate();
    await program.stop();
    const took = words.map((word) => Math.max(0, word.took - word.waited)).toSorted((a, b) => a - b);
    figures[`${id}p50`] = took[took.length >> 1] ?? Number.NaN;
    figures[`${id}worst`] = took.at(-1) ?? Number.NaN;
  }
  return figures;
}
