// `npm run bench`: Caravan's relay beside a bare `ws` broadcast, the reference y-websocket server and Hocuspocus, in one run on this
// machine. It prints figures, and beside them which goals are met; it asserts none.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { GOALS } from './goals.js';
import { measureHostAndWindow } from './host-and-window.js';
import { measureBoards } from './scale/boards.js';
import { measureLongPages } from './scale/long-pages.js';
import { measureSearch } from './scale/search.js';
import { measureThreads } from './scale/threads.js';
import { measureScale } from './scale/measure-scale.js';
import { ROOT } from './processes.js';
import { SECTIONS } from './sections.js';
import { SERVERS } from './servers.js';

const run = promisify(execFile);
const HOST = 'host';
const PAGES = 'pages';
const SCALE = 'scale';
const BOARDS = 'boards';
const THREADS = 'threads';
const SEARCH = 'search';
const USAGE = `npm run bench -- [--only SECTION[,SECTION]] [--servers SERVER[,SERVER]] [--repeats N] [--scale N] [--pages N] [--hour] [--json]
  sections: ${[...SECTIONS.map(({ id }) => id), HOST, PAGES, BOARDS, THREADS, SEARCH, SCALE].join(', ')}
  servers:  ${SERVERS.map(({ id }) => id).join(', ')}
  --repeats  how often each is measured, in turns; the median is printed (1)
  --scale    1, or less for a quick look with fewer rooms, documents and updates
  --pages    documents of the section ${HOST} (2000)
  --hour     the section ${PAGES} types an hour's keys into its longest page, too (some ten minutes)`;

/** @param {string} message @returns {never} */
function wrongUsage(message) {
  console.error(`${message}\n${USAGE}`);
  process.exit(2);
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        only: { type: 'string' },
        servers: { type: 'string' },
        repeats: { type: 'string', default: '1' },
        scale: { type: 'string', default: '1' },
        pages: { type: 'string', default: '2000' },
        hour: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    });
    return {
      only: values.only?.split(',') ?? [...SECTIONS.map(({ id }) => id), HOST, PAGES, BOARDS, THREADS, SEARCH, SCALE],
      servers: values.servers?.split(',') ?? SERVERS.map(({ id }) => id),
      repeats: Number(values.repeats),
      scale: Number(values.scale),
      pages: Number(values.pages),
      hour: values.hour,
      json: values.json,
    };
  } catch (error) {
    return wrongUsage(error instanceof Error ? error.message : String(error));
  }
}

const options = readOptions();
const unknown = options.only.find(
  (id) => ![HOST, PAGES, BOARDS, THREADS, SEARCH, SCALE].includes(id) && !SECTIONS.some((section) => section.id === id),
);
if (unknown !== undefined) wrongUsage(`There is no section called "${unknown}".`);
const stranger = options.servers.find((id) => !SERVERS.some((server) => server.id === id));
if (stranger !== undefined) wrongUsage(`There is no server called "${stranger}".`);
if (!Number.isInteger(options.repeats) || options.repeats < 1) wrongUsage('--repeats takes a whole number.');
if (!(options.scale > 0 && options.scale <= 1)) wrongUsage('--scale takes a number above 0, at most 1.');
if (!Number.isInteger(options.pages) || options.pages < 1) wrongUsage('--pages takes a whole number.');
if (!existsSync(path.join(ROOT, 'dist/relay.js'))) {
  console.error('Nothing is built here. Run npm run build first.');
  process.exit(1);
}

/** What people read goes to stderr when a program reads stdout. @param {string} line */
const print = (line) => (options.json ? console.error(line) : console.log(line));

/** @param {number | null | undefined} value @param {import('./sections.js').Unit} unit */
function shown(value, unit) {
  if (value === null || value === undefined || Number.isNaN(value)) return '-';
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  switch (unit) {
    case 'ms':
      return value >= 1000 ? `${(value / 1000).toFixed(2)} s` : `${value.toFixed(digits)} ms`;
    case 'us':
      return `${value.toFixed(1)} us`;
    case 'per-second':
      return `${Math.round(value).toLocaleString('en')}/s`;
    case 'MB':
      return `${Math.round(value)} MB`;
    case 'kB':
      return `${Math.round(value).toLocaleString('en')} kB`;
    case 'count':
      return Math.round(value).toLocaleString('en');
    case 'percent':
      return `${value.toFixed(value === 0 ? 0 : 1)} %`;
    case 'ratio':
      return value.toFixed(2);
  }
}

/** @param {number[]} values */
function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** @param {readonly import('./sections.js').Figures[]} runs @param {string} row */
function medianOf(runs, row) {
  const values = runs.flatMap((figures) => {
    const value = figures[row];
    return typeof value === 'number' && !Number.isNaN(value) ? [value] : [];
  });
  return values.length === 0 ? null : median(values);
}

/** The servers that are there, each after its installation; one that is not is named. */
async function ready() {
  const there = [];
  for (const server of SERVERS.filter(({ id }) => options.servers.includes(id))) {
    try {
      await server.install?.();
      there.push(server);
    } catch (error) {
      print(
        `SKIPPED: ${server.title}: it could not be installed (${error instanceof Error ? error.message.split('\n')[0] : ''}).`,
      );
    }
  }
  return there;
}

const WIDTH = 52;
const COLUMN = 18;
/** @param {string} what @param {readonly string[]} cells @param {string} goal */
const row = (what, cells, goal) =>
  print(`${what.padEnd(WIDTH)} ${cells.map((cell) => cell.padEnd(COLUMN)).join(' ')} ${goal}`.trimEnd());

/** @param {import('./sections.js').Section} section @param {readonly import('./servers.js').Server[]} servers */
async function measureSection(section, servers) {
  /** @type {Record<string, import('./sections.js').Figures[]>} */
  const runs = {};
  // In turns, so that a machine that grows slower or busier does so for all of them.
  for (let repeat = 0; repeat < options.repeats; repeat += 1) {
    for (const server of servers) {
      const script = path.join(import.meta.dirname, 'measure.js');
      try {
        const { stdout } = await run(process.execPath, [script, section.id, server.id, String(options.scale)], {
          maxBuffer: 1 << 24,
        });
        (runs[server.id] ??= []).push(JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}'));
      } catch (error) {
        print(
          `FAILED: ${section.id} on ${server.title}: ${error instanceof Error ? error.message.split('\n').slice(0, 12).join('\n') : ''}`,
        );
      }
    }
  }
  return Object.fromEntries(
    Object.entries(runs).map(([server, figures]) => [
      server,
      Object.fromEntries(Object.keys(section.rows).map((name) => [name, medianOf(figures, name)])),
    ]),
  );
}

const machine = `Node ${process.version}, ${os.cpus().length} x ${os.cpus()[0]?.model ?? 'unknown'}, ${os.platform()} ${os.release()}`;
/** @type {Record<string, unknown>} */
const results = { machine, date: new Date().toISOString(), scale: options.scale, repeats: options.repeats };
const sections = SECTIONS.filter(({ id }) => options.only.includes(id));
print(machine);
const servers = sections.length > 0 ? await ready() : [];
for (const server of servers) print(`${server.title}: stores ${server.stores}`);
for (const section of sections) {
  const missing = section.missing?.() ?? null;
  print(`\n${section.title}`);
  if (missing !== null) {
    print(`SKIPPED: ${missing}`);
    continue;
  }
  const measured = await measureSection(section, servers);
  results[section.id] = measured;
  row(
    '',
    servers.map(({ title }) => title),
    'goal',
  );
  for (const [name, [title, unit]] of Object.entries(section.rows)) {
    const cells = servers.map(({ id }) => shown(measured[id]?.[name], unit));
    if (cells.every((cell) => cell === '-')) continue;
    const goal = GOALS.find((one) => one.section === section.id && one.row === name);
    const met = goal?.met(measured);
    const verdict = met === null ? 'not measured' : met ? 'met' : 'not met';
    row(title, cells, goal ? `${goal.text}: ${verdict}` : '');
  }
}
if (options.only.includes(HOST)) {
  print('\nHost and window');
  results[HOST] = await measureHostAndWindow(options.pages, (title, value, unit) =>
    row(title, [shown(value, unit)], ''),
  );
}
if (options.only.includes(PAGES)) {
  print('\nLong pages in a window');
  results[PAGES] = await measureLongPages(options.scale, options.hour, (title, value, unit) =>
    row(title, [shown(value, unit)], ''),
  );
}
if (options.only.includes(BOARDS)) {
  print('\nA large board in a window');
  results[BOARDS] = await measureBoards(options.scale, (title, value, unit) => row(title, [shown(value, unit)], ''));
}
if (options.only.includes(THREADS)) {
  print('\nA large thread in a window');
  results[THREADS] = await measureThreads(options.scale, (title, value, unit) => row(title, [shown(value, unit)], ''));
}
if (options.only.includes(SEARCH)) {
  print('\nSearch in a large workspace');
  results[SEARCH] = await measureSearch(options.scale, (title, value, unit) => row(title, [shown(value, unit)], ''));
}
if (options.only.includes(SCALE)) {
  print('\nTwenty thousand documents');
  results[SCALE] = await measureScale(options.scale, (title, value, unit) => row(title, [shown(value, unit)], ''));
}
if (options.json) console.log(JSON.stringify(results));
