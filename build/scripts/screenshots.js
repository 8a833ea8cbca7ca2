// Makes docs/screenshots/*.png: a small workspace of two people behind a real relay, written anew at each run, in real Chromium. One file, for each picture shows what the one before it left.
/* global location, document, requestAnimationFrame, DataTransfer, ClipboardEvent, NodeFilter, getSelection -- functions that run in the window */
import { CHROMIUM_FLAGS } from './chromium-flags.js';
import { chromium } from '@playwright/test';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { bundlePictures } from './bundle-pictures.js';
import { digestPictures } from './digest-pictures.js';
import { peerPictures } from './peer-pictures.js';
import { DIST, inProject } from './project.js';
import { notifyPictures } from './notify-pictures.js';
import { searchPictures } from './search-pictures.js';
import { threadPictures } from './thread-pictures.js';
import { travelPictures } from './travel-pictures.js';

/** @typedef {import('@playwright/test').Page} Page */

/** A window tells its caret at most every 80 ms; two moves closer together are one. */
const CARET_PAUSE = 400;
/** Sixty-two hours. */
const FRIDAY = -62 * 3_600_000;
const OUT = inProject('docs/screenshots');
const TEXT = `The 2.4 m dish must stay within 0.4° of the predicted track while we take a pass. Wind load moves the mast **by up to 0.2°**, so half of the budget is spent before we touch a key. [Pass procedure](page:PASS) starts where this page ends.

> Measure twice. The encoder lies when it is cold.

## Before the first pass

- [x] Load orbital elements no older than three days
- [x] Zero the azimuth encoder on the north marker
- [ ] Sweep ±2° across the beacon and note the peak
- [ ] Attach the spectrum as a photo, not a screenshot

## Parking

1. Park at 90° elevation
2. Read the offset with \`rot --offset azimuth\`

## Measured offsets

| Date | Beacon | Azimuth | By |
| --- | --- | ---: | --- |
| 17 Nov | 437.200 MHz | +0.31° | Ana |
| 12 Nov | 437.200 MHz | +0.28° | Taro |

The drift is real: the foundation settled after the rain in October. Add a row each time, never edit an old one.`;

if (!existsSync(path.join(DIST, 'cli.js'))) {
  console.error('No pictures were made: the programs are not built. Run npm run build first.');
  process.exit(1);
}
const folder = mkdtempSync(path.join(tmpdir(), 'caravan-screenshots-'));
/** @type {import('node:child_process').ChildProcess[]} */
const programs = [];

/** @param {string} script @param {string[]} args @param {number} [clock] milliseconds by which its clock is ahead @returns {Promise<string>} its address */
async function start(script, args, clock = 0) {
  const shift = `const now = Date.now; Date.now = () => now() + ${clock};`;
  const node = clock === 0 ? [] : ['--import', `data:text/javascript,${encodeURIComponent(shift)}`];
  const child = spawn(process.execPath, [...node, inProject('build/bin', script), ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  programs.push(child);
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  return JSON.parse(line).url;
}

/** Asks a program to end, and waits until it did. @param {import('node:child_process').ChildProcess | undefined} program */
async function ended(program) {
  if (!program || program.exitCode !== null) return;
  const exit = once(program, 'exit');
  program.kill('SIGTERM');
  await exit;
}

/** @param {Page} page @param {string} call @param {unknown} params @returns {Promise<any>} */
function ask(page, call, params) {
  return page.evaluate(
    ([name, given]) =>
      new Promise((done, failed) => {
        const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/v1/calls`);
        socket.onopen = () => socket.send(JSON.stringify({ id: 1, call: name, params: given }));
        socket.onmessage = ({ data }) => {
          const message = JSON.parse(data);
          if (message.id !== 1) return;
          socket.close();
          if (message.error) failed(new Error(message.error.message));
          else done(message.ok);
        };
      }),
    /** @type {const} */ ([call, params]),
  );
}

/** @param {Page} page @param {string} name */
async function picture(page, name) {
  // Menus and panels come in; the name at a caret fades out later, and is wanted.
  await page.evaluate(() => {
    const coming = document.getAnimations().filter((animation) => Number(animation.effect?.getTiming().delay) === 0);
    return Promise.all(coming.map((animation) => animation.finished));
  });
  await page.screenshot({ path: path.join(OUT, `${name}.png`) });
  console.log(`docs/screenshots/${name}.png`);
}

/** The same in both themes and at both widths, each after `before`. @param {Page} page @param {string} name @param {() => Promise<void>} [before] */
async function pictures(page, name, before = async () => {}) {
  for (const width of [1280, 900]) {
    await page.setViewportSize({ width, height: 800 });
    for (const look of /** @type {const} */ (['light', 'dark'])) {
      await theme(page, look);
      await before();
      await picture(page, width === 1280 ? `${name}-${look}` : `${name}-${look}-${width}`);
    }
  }
  await page.setViewportSize({ width: 1280, height: 800 });
  await theme(page, 'light');
}

/** Until it is drawn: a picture of the same moment may hold colours of both. @param {Page} page @param {'light' | 'dark'} colorScheme */
async function theme(page, colorScheme) {
  await page.emulateMedia({ colorScheme });
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
}

/** The directory, asked who knows about something, with a profile beside it. @param {Page} page @param {Page} other @param {string} workspace @param {string} space */
async function peoplePictures(page, other, workspace, space) {
  await ask(page, 'people.describe', {
    workspace,
    role: 'Station lead',
    place: 'Horta',
    zone: 'Atlantic/Azores',
    add: { skills: ['antennas', 'link budgets'], projects: ['Coast site'] },
  });
  await ask(other, 'people.describe', {
    workspace,
    role: 'RF engineer',
    place: 'Recife',
    zone: 'America/Recife',
    status: { text: 'On the mast', until: Date.now() + 3 * 3_600_000 },
    add: {
      skills: ['rotators', 'low-noise amplifiers', 'spectrum analysis'],
      interests: ['weather fax', 'long ferries'],
      projects: ['Replace the low-noise amplifier'],
    },
  });
  const question = {
    workspace,
    space,
    type: 'question',
    title: 'Rotator stalls at 270°',
    text: 'Only when it is wet.',
  };
  const { id } = await ask(page, 'thread.begin', question);
  await other.evaluate((hash) => (location.hash = hash), `#/w/${workspace}/d/${id}`);
  await other
    .getByRole('textbox', { name: 'Write a post' })
    .fill('The brake of the rotator is wet. Dry it, and grease it.');
  await other.keyboard.press('Control+Enter');
  await page.evaluate((hash) => (location.hash = hash), `#/w/${workspace}/d/${id}`);
  const answer = page.getByRole('article').filter({ hasText: 'Dry it' });
  await answer.hover();
  await answer.getByRole('button', { name: 'More for this post' }).click();
  await page.getByRole('menuitem', { name: 'Accept as the answer' }).click();
  await page.getByRole('region', { name: 'Accepted answer' }).waitFor();
  await pictures(page, 'question');
  await page
    .getByRole('navigation', { name: 'Workspace' })
    .getByRole('button', { name: 'People', exact: true })
    .click();
  await page.getByRole('link', { name: 'Ana Torres' }).waitFor();
  await pictures(page, 'people');
  await page.getByRole('searchbox').fill('who knows about rotators');
  await page.getByText('Answer accepted in').waitFor();
  await page.getByRole('link', { name: 'Ana Torres' }).click();
  await page.getByRole('heading', { name: 'Ana Torres' }).waitFor();
  await pictures(page, 'profile');
}

/** Pages that ask: a training, answered by two, and a consultation whose time is over. @param {Page} page @param {Page} other @param {string} workspace @param {string} space */
async function askingPictures(page, other, workspace, space) {
  const made = async (/** @type {string} */ template, /** @type {string} */ title) =>
    (await ask(page, 'doc.fromTemplate', { workspace, space, parent: null, template, title })).id;
  const training = await made('~training', 'Working on the mast');
  for (const [window, choice] of /** @type {const} */ ([
    [other, /^I can do it with help/],
    [page, /^I could explain it/],
  ])) {
    await window.evaluate((hash) => (location.hash = hash), `#/w/${workspace}/d/${training}`);
    await window.getByRole('radio', { name: choice }).click();
  }
  await other.getByRole('checkbox', { name: /^I have done this training/ }).click();
  await page.keyboard.press('Control+Alt+h');
  const done = page.getByRole('group', { name: 'To be done by everybody' });
  await done.getByText(/^1 of 2 people/).click();
  await page.getByRole('group', { name: 'Discussion' }).getByRole('button').first().click();
  await page.getByRole('combobox', { name: 'Title' }).fill('Questions about the mast');
  await page.getByRole('option', { name: /^Begin/ }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Open the discussion' }).waitFor();
  await pictures(page, 'training', () => page.getByRole('group', { name: 'Poll' }).scrollIntoViewIfNeeded());

  const consultation = await made('~consultation', 'A rota for the night passes');
  await page.evaluate((hash) => (location.hash = hash), `#/w/${workspace}/d/${consultation}`);
  await page.getByText('Open for comment until').first().waitFor();
  const words = page.getByText('What is proposed, and why');
  await words.click({ clickCount: 3 });
  await page.getByRole('toolbar', { name: 'Selected text' }).waitFor();
  await page.keyboard.press('Control+Alt+m');
  await page.keyboard.type('Twelve hours are too long on a hill without a hut.');
  await page.keyboard.press('Control+Enter');
  await page.getByText('Twelve hours').waitFor();
  await page.getByRole('button', { name: /^Open for comment until/ }).click();
  await page.getByLabel('Open for comment until').fill(new Date(Date.now() - 86_400_000).toISOString().slice(0, 10));
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('button', { name: 'Accept' }).waitFor();
  await pictures(page, 'consultation');
}

/**
 * Home, the directory of spaces and insights, after a week that two people had.
 * @param {Page} page @param {Page} other @param {string} workspace @param {string} space @param {string} plan a page of it
 */
async function communityPictures(page, other, workspace, space, plan) {
  const begin = (
    /** @type {Page} */ by,
    /** @type {string} */ type,
    /** @type {string} */ title,
    /** @type {string} */ text,
  ) => ask(by, 'thread.begin', { workspace, space, type, title, text, confirm: type === 'announcement' });
  await begin(other, 'announcement', 'First full week without a missed pass: 41 of 41', 'Thank you all.');
  await begin(other, 'question', 'Why does the Doppler correction lag on descending passes?', 'October only.');
  const idea = await begin(other, 'idea', 'A second site on the coast', 'The hill hides the first two degrees.');
  await begin(page, 'question', 'Who has the torque wrench?', 'It was in the hut on Friday.');
  await ask(page, 'space.feature', { workspace, document: plan, featured: true });
  await ask(page, 'favourites.set', { workspace, document: idea.id, favourite: true }).catch(() => undefined);
  for (const [place, of, name] of /** @type {const} */ ([
    [{ kind: 'web', url: 'https://celestrak.org/NORAD/elements/' }, space, 'Orbital elements'],
    [{ kind: 'document', document: plan, part: null }, null, ''],
    [{ kind: 'web', url: 'https://www.iaru.org/' }, null, 'Band plans'],
  ])) {
    await ask(page, 'bookmark.set', { workspace, space: of, place, name, bookmarked: true });
  }
  const go = (/** @type {string} */ where) =>
    page.evaluate((hash) => (location.hash = hash), `#/w/${workspace}${where}`);
  await go('');
  await page.getByRole('link', { name: 'A second site on the coast' }).first().waitFor();
  await page.getByRole('region', { name: /^News/ }).waitFor();
  await pictures(page, 'home');
  await go(`/spaces/${space}`);
  await page.getByText('Needs attention').waitFor();
  await page.getByText(/^Nothing: no question/).waitFor();
  await pictures(page, 'spaces');
  await go('/insights');
  await page.getByRole('button', { name: 'A week later' }).click();
  await page.getByRole('table').waitFor();
  await pictures(page, 'insights');
}

/** Cards of the board in the pictures: column, title, labels, days until due or null, ticked and all items, people. */
const CARDS = /** @type {const} */ ([
  ['Next', 'Order two spare azimuth motors', ['mechanical'], 9, null, ['m']],
  ['Next', 'Licence renewal for the 437 MHz band', ['paperwork'], 1, null, ['m']],
  ['Next', 'Weather station feed into the pass log', ['software'], null, [0, 4], ['a']],
  ['Next', 'Repaint the north marker', [], 21, null, []],
  ['Next', 'Spare feed horn: print or buy?', ['rf'], null, null, ['a']],
  ['Doing', 'Re-tension the guy wires', ['mechanical', 'safety'], -6, [3, 5], ['a', 'm']],
  ['Doing', 'Measure mast sway in wind', ['rf'], 4, [1, 3], ['m']],
  ['Doing', 'Replace the low-noise amplifier', ['rf'], null, null, ['a']],
  ['Doing', 'Rotator firmware 2.1', ['software'], null, [6, 8], ['m']],
  ['Review', 'Pass planner: sunrise column', ['software'], null, [4, 4], ['a']],
  ['Review', 'Ground the cable tray', ['safety'], 3, [2, 2], ['m']],
  ['Review', 'Noise survey, north sector', ['rf'], null, [3, 3], []],
  ['Done', 'North marker surveyed again', ['mechanical'], -1, null, ['a']],
  ['Done', 'Second receiver on the shelf', ['rf'], -2, null, []],
  ['Done', 'Fence permit filed', ['paperwork'], null, null, ['m']],
]);

/** The board as Trello would have exported it. @returns {string} */
function boardFile() {
  const columns = ['Next', 'Doing', 'Review', 'Done'];
  const labels = ['mechanical', 'paperwork', 'software', 'rf', 'safety'];
  const id = (/** @type {string} */ kind, /** @type {number} */ at) =>
    `65${kind}`.padEnd(22, '0') + `${at}`.padStart(2, '0');
  return JSON.stringify({
    id: id('b0', 1),
    name: 'Antenna build',
    lists: columns.map((name, at) => ({ id: id('11', at), name, pos: at, closed: false })),
    labels: labels.map((name, at) => ({ id: id('1a', at), name, color: null })),
    members: [
      { id: id('3e', 1), fullName: 'Mira Okafor', username: 'mira' },
      { id: id('3e', 2), fullName: 'Ana Torres', username: 'ana' },
    ],
    checklists: CARDS.flatMap(([, , , , items], card) =>
      items === null
        ? []
        : [
            {
              id: id('cc', card),
              idCard: id('ca', card),
              name: 'Checklist',
              pos: 1,
              checkItems: Array.from({ length: items[1] }, (_, at) => ({
                id: id(`d${card % 10}${card > 9 ? 'e' : 'f'}`, at),
                name: ['Borrow the laser from the RF lab', 'Three runs of ten minutes', 'Put the table into the page'][
                  at % 3
                ],
                pos: at,
                state: at < items[0] ? 'complete' : 'incomplete',
              })),
            },
          ],
    ),
    actions: [],
    cards: CARDS.map(([column, name, of, due, , people], at) => ({
      id: id('ca', at),
      name,
      desc: name.startsWith('Measure')
        ? 'Tape the laser to the feed and log its spot on the hut wall for ten minutes. Repeat at 4, 8 and 12 m/s.'
        : '',
      idList: id('11', columns.indexOf(column)),
      pos: at,
      closed: false,
      idLabels: of.map((label) => id('1a', labels.indexOf(label))),
      idMembers: people.map((who) => id('3e', who === 'm' ? 1 : 2)),
      due: due === null ? null : new Date(Date.now() + due * 86_400_000).toISOString(),
      dueComplete: column === 'Done',
    })),
  });
}

/** @param {Page} page @param {string} workspace @param {string} space */
async function boardPictures(page, workspace, space) {
  const file = { text: boardFile() };
  const { people } = await ask(page, 'import.trelloPlan', { workspace, file });
  const members = Object.fromEntries(
    people.flatMap((/** @type {{ source: string, suggested: string | null }} */ { source, suggested }) =>
      suggested === null ? [] : [[source, suggested]],
    ),
  );
  await ask(page, 'import.trello', { workspace, space, parent: null, file, members });
  await page.getByRole('treeitem', { name: 'Antenna build, board' }).click();
  const card = page.getByRole('option', { name: /^Measure mast sway/ });
  await card.waitFor();
  await page.getByRole('button', { name: 'More for Doing' }).click();
  await page.getByRole('menuitem', { name: 'Limit the cards…' }).click();
  await page.getByLabel('At most').fill('3');
  await page.keyboard.press('Enter');
  await page.getByText('1 over', { exact: true }).waitFor();
  await pictures(page, 'board');
  await card.click();
  await page.getByText('Tape the laser').waitFor();
  await pictures(page, 'board-card');
  await page.keyboard.press('Escape');
  for (const view of ['Table', 'Calendar', 'List', 'Figures']) {
    await page.getByRole('tab', { name: view }).click();
    await pictures(page, `board-${view.toLowerCase()}`);
  }
}

mkdirSync(OUT, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env['CARAVAN_CHROMIUM'] ?? '/usr/bin/chromium',
  args: [...CHROMIUM_FLAGS],
});
try {
  const relay = await start('caravan-relay.js', [
    'serve',
    '--open',
    '--port',
    '0',
    '--data',
    path.join(folder, 'relay'),
  ]);
  const hostOf = (/** @type {string} */ who, clock = 0) =>
    start('caravan.js', ['open', '--shell', 'none', '--json', '--data', path.join(folder, who)], clock);
  const size = { viewport: { width: 1280, height: 800 } };
  const mira = await (await browser.newContext(size)).newPage();
  await mira.goto(await hostOf('mira'));
  await mira.getByLabel('Your name').fill('Mira Okafor');
  await mira.getByLabel('Name of the workspace').fill('Perigee');
  await picture(mira, 'first-run');
  await mira.keyboard.press('Enter');
  await mira.getByText('No pages yet').waitFor();

  const { workspaces } = await ask(mira, 'hello', {});
  const workspace = workspaces[0].id;
  await ask(mira, 'relay.attach', { workspace, url: relay });
  // They find each other only where that is what is shown.
  await ask(mira, 'peers.setSettings', { workspace, discover: false });
  const { id: space } = await ask(mira, 'space.create', { workspace, name: 'Ground station' });
  await ask(mira, 'space.create', { workspace, name: 'Mission ops' });
  /** @param {string} title @param {string | null} parent */
  const page = async (title, parent) =>
    (await ask(mira, 'doc.create', { workspace, space, kind: 'page', title, parent })).id;
  const manual = await page('Station manual', null);
  const dish = await page('Dish alignment', manual);
  const pass = await page('Pass procedure', manual);
  for (const title of ['Lightning and wind', 'Hut and power']) await page(title, manual);
  for (const title of ['Frequency plan', 'Coast site']) await page(title, null);

  await mira.evaluate((hash) => (location.hash = hash), `#/w/${workspace}/d/${dish}`);
  await mira.getByRole('textbox', { name: 'Page text' }).click();
  await mira.getByRole('textbox', { name: 'Page text' }).evaluate(
    (element, text) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', text);
      element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    },
    TEXT.replace('PASS', pass),
  );

  const ana = await (await browser.newContext(size)).newPage();
  await ana.goto(await hostOf('ana'));
  await ana.getByLabel('Your name').fill('Ana Torres');
  await ana.getByRole('radio', { name: /Join a workspace/ }).check();
  const { link } = await ask(mira, 'invite.create', { workspace });
  await ana.getByLabel('The link of the invitation').fill(link);
  await ana.keyboard.press('Enter');
  await ana.getByRole('navigation', { name: 'Workspace' }).waitFor();
  await ask(ana, 'peers.setSettings', { workspace, discover: false });
  await ana.evaluate((hash) => (location.hash = hash), `#/w/${workspace}/d/${dish}`);
  await ana.getByText('Sweep ±2°').click();
  await ana.keyboard.press('End');

  await mira.getByRole('img', { name: 'Ana Torres' }).waitFor();
  await mira.getByRole('button', { name: /Saved here, On relay/ }).waitFor();
  await pictures(mira, 'page', async () => {
    // A name shows for two seconds after its caret moved.
    await ana.keyboard.press('ArrowLeft');
    await mira.waitForTimeout(CARET_PAUSE);
    await ana.keyboard.press('End');
    await mira.waitForTimeout(CARET_PAUSE);
    await mira.locator('.remote-flag').waitFor();
  });
  await pictures(mira, 'receipts', async () => {
    // A window that changes its size closes what floats.
    const panel = mira.getByRole('dialog', { name: 'Where this page is' });
    if (!(await panel.isVisible())) await mira.getByRole('button', { name: /Where this page is/ }).click();
    await panel.getByRole('list', { name: 'Who has it' }).waitFor();
  });
  await mira.keyboard.press('Escape');
  await mira.getByRole('treeitem', { name: 'Frequency plan' }).focus();
  await mira.keyboard.press('Control+Alt+b');
  await pictures(mira, 'tree', async () => {
    // A window that changes its size closes its menus.
    const menu = mira.getByRole('menu');
    if (!(await menu.isVisible()))
      await mira.getByRole('treeitem', { name: 'Pass procedure' }).click({ button: 'right' });
    await menu.waitFor();
  });
  await mira.keyboard.press('Escape');

  const text = mira.getByRole('textbox', { name: 'Page text' });
  await text.evaluate((element) => {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node.textContent === 'by up to 0.2°')
        getSelection()?.selectAllChildren(/** @type {Node} */ (node.parentNode));
    }
  });
  await mira.getByRole('toolbar', { name: 'Selected text' }).waitFor();
  await mira.keyboard.press('Control+Alt+m');
  await mira.keyboard.type('Was this with the old guy wires? I get half of that since we swapped them.');
  await mira.keyboard.press('Control+Enter');
  await ana.locator('.commented').click();
  await ana.getByRole('textbox', { name: 'Reply' }).fill('Old ones. I measure again on the 06:40 pass.');
  await ana.keyboard.press('Control+Enter');
  await mira.getByText('Old ones.').waitFor();
  await pictures(mira, 'comments');

  await text.locator('table').scrollIntoViewIfNeeded();
  await mira.keyboard.press('Control+Alt+m');
  await pictures(mira, 'table');
  await mira.keyboard.press('Control+Alt+h');
  const panel = mira.getByRole('tabpanel', { name: 'History' });
  await panel.getByText('Mira Okafor').first().click();
  await mira.getByText('Load orbital elements').first().waitFor();
  await pictures(mira, 'history');
  await communityPictures(mira, ana, workspace, space, dish);
  await askingPictures(mira, ana, workspace, space);
  await threadPictures({ ask, pictures }, mira, ana, workspace, space);
  await searchPictures({ pictures }, mira, workspace);
  await boardPictures(mira, workspace, space);
  await peoplePictures(mira, ana, workspace, space);
  await notifyPictures(mira, pictures);
  /** @param {() => Promise<void>} meanwhile */
  const apart = async (meanwhile) => {
    for (const window of [mira, ana]) await ask(window, 'links.rehearse', { on: true });
    await meanwhile();
    for (const window of [mira, ana]) await ask(window, 'links.rehearse', { on: false });
  };
  await bundlePictures({ ask, pictures, folder, apart }, mira, ana, workspace, space);
  await travelPictures({ ask, pictures }, mira, ana, workspace, space, path.join(folder, 'mira', 'blobs', workspace));
  await peerPictures({ ask, pictures }, mira, ana, workspace);
  /** Her computer was linked last on Friday evening, by its clock. @param {() => Promise<void>} meanwhile */
  const away = async (meanwhile) => {
    const [, first] = programs;
    await ended(first);
    await hostOf('mira', FRIDAY);
    await once(
      spawn(process.execPath, [
        inProject('build/bin/caravan.js'),
        'sync',
        '--wait',
        '--data',
        path.join(folder, 'mira'),
      ]),
      'exit',
    );
    await ended(programs.at(-1));
    await meanwhile();
    const window = await (await browser.newContext(size)).newPage();
    await window.goto(await hostOf('mira'));
    await window.getByRole('button', { name: /^While you were away/ }).waitFor();
    return window;
  };
  await digestPictures({ ask, pictures, away }, mira, ana, workspace, space, dish);
} finally {
  await browser.close();
  for (const program of programs) await ended(program);
  rmSync(folder, { recursive: true, force: true });
}
