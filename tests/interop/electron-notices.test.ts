// Notifications in Electron, on its test double: shown by the main program, clicked into an open and into a closed window, counted in the tray; nothing again after a kill.
import { rmSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { readPlace } from '../../app/contract/notify.ts';
import { readBoard } from '../../shared/model/board/read.ts';
import { addCard } from '../../shared/model/board/card-commands.ts';
import { setCardDue, setCardMember } from '../../shared/model/board/card-details.ts';
import { newDataFolder } from '../support/electron-double/data-folder.ts';
import { launchElectronDouble, type ElectronDouble } from '../support/electron-double/launch.ts';
import { HostBench } from '../support/host.ts';

interface Outside {
  notices: { title: string; body: string }[];
  badge: number;
  tooltip: string;
  menu: string[];
}
interface Event {
  event: string;
  place: string;
}

let script = '';
let data = newDataFolder();
let started: ElectronDouble[] = [];
beforeAll(async () => {
  script = await data.pageScript();
  data.remove();
});
beforeEach(() => {
  data = newDataFolder();
});
afterEach(async () => {
  for (const shell of started) shell.kill();
  await Promise.all(started.map((shell) => shell.exited));
  started = [];
  data.remove();
});

const PATIENCE = { timeout: 20_000 };
const MINUTE = 60_000;

async function loaded(shell: ElectronDouble): Promise<void> {
  await expect.poll(() => shell.evaluate('window.caravanShell?.kind').catch(() => null), PATIENCE).toBe('electron');
  await shell.evaluate(script);
}

async function open(): Promise<ElectronDouble> {
  const shell = launchElectronDouble(['--data', data.path]);
  started.push(shell);
  await loaded(shell);
  await shell.evaluate('testPage.connect()');
  return shell;
}

const outside = (shell: ElectronDouble): Promise<Outside> => shell.ask<Outside>('outside');

/** A workspace without a relay whose board has cards of mine, each due so many minutes from now. */
async function due(...minutes: number[]): Promise<{ workspace: string; board: string }> {
  const bench = new HostBench();
  // A short command reminds of nothing, so that all is left for the program with windows.
  const host = await bench.start(data.path, { links: false });
  const known = host.parts.workspaces.all[0]?.id;
  const workspace = known ?? (await host.call('workspace.create', { title: 'Perigee', name: 'Ana' })).id;
  const [space] = await host.call('space.list', { workspace });
  const boards = (await host.call('doc.list', { workspace })).filter(({ kind }) => kind === 'board');
  const place = { workspace, space: space!.id, kind: 'board', title: 'Station', parent: null } as const;
  const board = boards[0] ?? (await host.call('doc.create', place));
  const me = host.parts.workspaces.get(workspace).about.member;
  await host.parts.documents.edit(board.room, (doc) => {
    for (const later of minutes) {
      const column = readBoard(doc).columns[0]?.id ?? '';
      const card = addCard(doc, { title: `In ${later}`, column, createdBy: me, createdAt: Date.now() });
      setCardMember(doc, [card], me, true);
      setCardDue(doc, card, Date.now() + later * MINUTE);
    }
  });
  await bench.dispose();
  return { workspace, board: board.id };
}

it('[B12] [T19] a due card reminds with no network at all; a click opens it in the open window, and in a new one where none is open', async () => {
  // An hour before is the default: for this one that was a minute ago.
  const { workspace, board } = await due(59);
  const shell = await open();
  await expect.poll(async () => (await outside(shell)).notices.length, PATIENCE).toBe(1);
  const { notices, badge, tooltip, menu } = await outside(shell);
  expect(notices[0]?.title).toMatch(/^Due \d+ \w+ \d{4} at \d\d:\d\d$/);
  expect(notices[0]?.body).toBe('In 59, on Station, in Everyone');
  expect([badge, tooltip]).toEqual([1, 'Caravan, 1 for you']);
  expect(menu).toEqual(['Open Caravan', 'Inbox (1)', 'Quit']);
  await shell.ask('clickNotice', { index: 0 });
  await expect.poll(() => shell.evaluate<Event[]>('testPage.events()'), PATIENCE).toHaveLength(1);
  const [event] = await shell.evaluate<Event[]>('testPage.events()');
  expect(event?.event).toBe('open-place');
  expect(readPlace(event?.place ?? '')).toMatchObject({ to: 'thing', workspace, kind: 'card', place: { board } });

  // It stays in the tray when that was chosen; a click then opens a window, which hears of the place once it is ready.
  await shell.evaluate('testPage.call("notify.computer", { stays: true })');
  await shell.ask('closeWindow');
  expect(await shell.ask('windows')).toEqual([]);
  await shell.ask('clickNotice', { index: 0 });
  await loaded(shell);
  expect(await shell.evaluate('testPage.events()')).toEqual([]);
  await shell.evaluate('testPage.ready()');
  await expect.poll(() => shell.evaluate<Event[]>('testPage.events()'), PATIENCE).toEqual([event]);
  await shell.ask('clickTray', { label: 'Inbox (1)' });
  await expect
    .poll(() => shell.evaluate<Event[]>('testPage.events()'), PATIENCE)
    .toEqual([event, { event: 'open-place', place: '' }]);
  await shell.ask('clickTray', { label: 'Quit' });
  expect(await shell.exited).toBe(0);
}, 60_000);

it('[T19] [B12] after a kill nothing is shown again: only what is new is', async () => {
  await due(59);
  const shell = await open();
  await expect.poll(async () => (await outside(shell)).notices.length, PATIENCE).toBe(1);
  shell.kill();
  await shell.exited;
  // Electron's own lock dies with its process; the double's is a file.
  rmSync(path.join(data.path, 'shell', 'SingletonLock'));
  await due(58);
  const again = await open();
  await expect.poll(async () => (await outside(again)).notices.length, PATIENCE).toBe(1);
  const { notices, badge } = await outside(again);
  expect(notices[0]?.body).toBe('In 58, on Station, in Everyone');
  expect(badge).toBe(2);
}, 60_000);
