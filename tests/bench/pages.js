// The workspace of the benchmark: generated pages in a relay and in one member's data folder.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { caravan, startProgram } from './processes.js';

const WORDS = 'antenna array beam calibrate dish elevation feed gain horizon index joint kelvin lobe mast noise'.split(
  ' ',
);

/** One page: about 2 kB of Markdown, the same at every run. @param {number} number */
function page(number) {
  const word = (/** @type {number} */ at) => WORDS[(number * 7 + at * 13) % WORDS.length];
  const sentence = (/** @type {number} */ at) =>
    `${Array.from({ length: 12 }, (_, i) => word(at * 12 + i)).join(' ')}.`;
  const paragraphs = Array.from(
    { length: 6 },
    (_, at) => `## Part ${at}\n\n${sentence(at)} ${sentence(at + 50)}\n\n- ${sentence(at + 99)}`,
  );
  return `---\ntitle: Page ${number}\n---\n\n${paragraphs.join('\n\n')}\n`;
}

/**
 * A member with `count` pages and a relay that has them all.
 * @param {string} folder @param {number} count
 */
export async function makeWorkspace(folder, count) {
  const source = path.join(folder, 'markdown');
  mkdirSync(source);
  for (let number = 0; number < count; number += 1) writeFileSync(path.join(source, `page-${number}.md`), page(number));
  const data = path.join(folder, 'ana');
  await caravan('init', '--name', 'Ana', '--workspace', 'Bench', '--data', data);
  const began = performance.now();
  await caravan('import', 'markdown', source, '--space', 'Handbook', '--data', data);
  const importing = performance.now() - began;
  const relay = await startProgram('build/bin/caravan-relay.js', [
    'serve',
    '--open',
    '--port',
    '0',
    '--data',
    path.join(folder, 'relay'),
  ]);
  await caravan('relay', 'attach', relay.url, '--data', data);
  const uploadBegan = performance.now();
  await caravan('sync', '--wait', '--timeout', '300', '--data', data);
  const uploading = performance.now() - uploadBegan;
  const { link } = await caravan('invite', '--data', data);
  return { relay, data, link: String(link), importing, uploading };
}
