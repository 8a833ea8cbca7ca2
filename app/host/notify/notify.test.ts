// From the inbox to the desktop: once each, together what comes together, and one for all that a landing brought; with a clock of its own.
import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { FakeClock } from '../../../shared/base/clock.ts';
import { Emitter } from '../../../shared/base/emitter.ts';
import { silentLogger } from '../../../shared/base/logger.ts';
import { MemoryDocStore } from '../../../shared/hub/memory-doc-store.ts';
import { writeWishes } from '../../../shared/model/personal/notifications.ts';
import { createPersonal } from '../../../shared/model/personal/personal.ts';
import type { InboxEntry } from '../../contract/inbox.ts';
import type { Notice } from '../../contract/notify.ts';
import type { FreshEntries } from '../inbox/inbox.ts';
import { Notify, type NotifyParts } from './notify.ts';
import { OpenWindows } from './open-windows.ts';
import { WallClock } from './wall-clock.ts';

const MOMENT = 1_500;

function entry(id: string, changed: Partial<InboxEntry> = {}): InboxEntry {
  const about = { space: 'team', document: `page-${id}`, kind: 'page', title: `Page ${id}`, place: {} } as const;
  const told = { at: 1, arrived: 1, excerpt: 'words', things: 1, state: 'new', until: null } as const;
  return { id, reason: 'mention', by: ['bo'], ...about, ...told, ...changed };
}

/** One computer; a new one of it stands for a start after a crash. */
class Desk {
  readonly clock = new FakeClock();
  readonly shown: Notice[] = [];
  readonly counts: number[] = [];
  readonly fresh = new Emitter<FreshEntries>();
  readonly changed = new Emitter<string>();
  readonly landed = new Emitter<string>();
  readonly digested = new Emitter<{ workspace: string; counts: Record<string, number> }>();
  last: { to: number } | null = { to: 1 };
  readonly mine = new Map<string, Y.Doc>();
  entries: InboxEntry[] = [];
  landing = false;
  disturb: { until: number | null } | null = null;
  canShow = true;
  readonly stays = false;
  readonly parts: NotifyParts;

  constructor(values = new MemoryDocStore().values) {
    this.parts = {
      inbox: {
        list: () => this.entries,
        count: () => this.entries.filter(({ state }) => state === 'new').length,
        onFresh: this.fresh.event,
        onChange: this.changed.event,
        settled: async () => undefined,
      },
      landings: { isUnderWay: () => this.landing, last: () => this.last, onEnd: this.landed.event },
      digests: { onLanded: this.digested.event },
      documents: { readStored: async (room, look) => look(this.mine.get(room) ?? new Y.Doc()) },
      settings: this,
      values,
      windows: new OpenWindows(),
      notifier: {
        kind: 'electron',
        show: (notice) => {
          if (this.canShow) this.shown.push(notice);
          return this.canShow;
        },
        count: (count) => void this.counts.push(count),
        stay: () => undefined,
      },
      workspaces: () => ['w'],
      memberOf: () => 'ana',
      names: () => ({ member: () => 'Bo', space: () => 'Team', board: () => '' }),
      wall: () => new WallClock('UTC'),
      clock: this.clock,
      logger: silentLogger,
    };
  }

  arrives(...entries: InboxEntry[]): void {
    this.entries = [...entries, ...this.entries];
    this.changed.fire('w');
    this.fresh.fire({ workspace: 'w', entries });
  }

  get titles(): string[] {
    return this.shown.map(({ title }) => title);
  }
}

async function moment(desk: Desk, notify: Notify, length = MOMENT): Promise<void> {
  desk.clock.advance(length);
  await notify.settled();
}

it('[T19] [NT6] one entry is one notification that leads exactly there; three of a moment are one', async () => {
  const desk = new Desk();
  const notify = await Notify.open(desk.parts);
  notify.start();
  desk.arrives(entry('1', { place: { block: 'b7' } }));
  expect(desk.shown).toEqual([]);
  await moment(desk, notify);
  expect(desk.shown).toMatchObject([
    {
      title: 'Bo mentioned you',
      body: 'Page 1, in Team\nwords',
      place: { to: 'thing', workspace: 'w', document: 'page-1', kind: 'page', place: { block: 'b7' } },
    },
  ]);
  desk.clock.advance(60_000);
  desk.arrives(entry('2'));
  desk.clock.advance(500);
  desk.arrives(entry('3'), entry('4'));
  await moment(desk, notify);
  expect(desk.titles).toEqual(['Bo mentioned you', '3 for you in Caravan']);
  expect(desk.shown[1]?.place).toEqual({ to: 'inbox', workspace: 'w' });
  expect(desk.counts).toEqual([0, 1, 2, 4]);
  await notify.close();
  expect(desk.clock.pending).toBe(0);
});

it('[T19] [NT6] soon after one the next waits longer, so that a lively thread is no drum', async () => {
  const desk = new Desk();
  const notify = await Notify.open(desk.parts);
  desk.arrives(entry('1'));
  await moment(desk, notify);
  for (const id of ['2', '3', '4']) {
    desk.arrives(entry(id));
    await moment(desk, notify, 1_500);
  }
  expect(desk.titles).toEqual(['Bo mentioned you']);
  await moment(desk, notify, 1_000);
  expect(desk.titles).toEqual(['Bo mentioned you', '3 for you in Caravan']);
  await notify.close();
});

it('[T19] [NT1] what is done on another device in that moment, hidden, quiet or muted is judged as it is then', async () => {
  const desk = new Desk();
  const notify = await Notify.open(desk.parts);
  desk.arrives(entry('1'), entry('2'));
  desk.entries = desk.entries.map((one) => (one.id === '1' ? { ...one, state: 'done' } : one));
  await moment(desk, notify);
  expect(desk.shown.map(({ body }) => body)).toEqual(['Page 2, in Team\nwords']);
  desk.clock.advance(60_000);
  desk.disturb = { until: desk.clock.now() + 60_000 };
  desk.arrives(entry('3'));
  await moment(desk, notify);
  expect(desk.shown).toHaveLength(1);
  // What was quiet is in the inbox, and is not told later.
  desk.clock.advance(60_000);
  const wishes = new Y.Doc();
  createPersonal(wishes, { createdBy: 'ana', createdAt: 1 });
  writeWishes(wishes, { hide: 'content' });
  desk.mine.set('w/~ana/notifications', wishes);
  desk.arrives(entry('4'));
  await moment(desk, notify);
  expect(desk.shown.slice(1)).toMatchObject([{ title: 'Bo mentioned you', body: '' }]);
  await notify.close();
});

it('[D1] [NT8] while it lands nothing is told; at its end exactly one, to the digest; the next landing tells nothing again', async () => {
  const desk = new Desk();
  const notify = await Notify.open(desk.parts);
  desk.landing = true;
  for (let at = 0; at < 40; at += 1) {
    desk.arrives(entry(`${at}`, { reason: at < 3 ? 'mention' : 'watched' }));
    await moment(desk, notify, 1_000);
  }
  expect(desk.shown).toEqual([]);
  desk.landing = false;
  desk.landed.fire('w');
  // What the inbox read only now belongs to it as well.
  desk.arrives(entry('late', { reason: 'overlap' }));
  await moment(desk, notify, 60_000);
  expect(desk.shown).toMatchObject([
    {
      title: 'While you were away: 41 for you',
      body: '37 changes of what you watch, 3 mentions, 1 overlap',
      place: { to: 'digest', workspace: 'w' },
    },
  ]);
  desk.landed.fire('w');
  await moment(desk, notify, 60_000);
  expect(desk.shown).toHaveLength(1);
  await notify.close();
});

it('[D1] [NT8] a crash while it lands takes nothing from the one notification, and after it there is no second', async () => {
  const { values } = new MemoryDocStore();
  const crashed = new Desk(values);
  const before = await Notify.open(crashed.parts);
  crashed.landing = true;
  crashed.arrives(entry('1'), entry('2'));
  await before.settled();
  const desk = new Desk(values);
  desk.entries = crashed.entries;
  const notify = await Notify.open(desk.parts);
  notify.start();
  await moment(desk, notify);
  expect(desk.titles).toEqual(['While you were away: 2 for you']);
  const again = new Desk(values);
  again.entries = crashed.entries;
  const third = await Notify.open(again.parts);
  third.start();
  await moment(again, third, 60_000);
  expect(again.shown).toEqual([]);
  await Promise.all([before, notify, third].map((one) => one.close()));
});

it('[D1] [NT8] cards that moved and pages that are followed call on nobody and are told of all the same; what a landing’s sessions show is part of it', async () => {
  const { values } = new MemoryDocStore();
  const desk = new Desk(values);
  const notify = await Notify.open(desk.parts);
  desk.landed.fire('w');
  desk.digested.fire({ workspace: 'w', counts: { moved: 2, followed: 1 } });
  await moment(desk, notify);
  desk.arrives(entry('1', { reason: 'overlap' }));
  await moment(desk, notify, 60_000);
  const first = { title: 'While you were away', body: '2 cards of yours moved, 1 change of what you follow' };
  expect(desk.shown).toMatchObject([{ ...first, place: { to: 'digest', workspace: 'w' } }]);
  // Cut off between the two that tell of one landing: not twice.
  const again = new Desk(values);
  const later = await Notify.open(again.parts);
  again.digested.fire({ workspace: 'w', counts: { moved: 2 } });
  await moment(again, later);
  expect(again.shown).toEqual([]);
  // Another landing, in which the overlap is all that there is; and one that nobody is to be disturbed by.
  again.last = { to: 2 };
  again.landed.fire('w');
  await moment(again, later);
  again.arrives(entry('2', { reason: 'moved' }));
  await moment(again, later);
  again.digested.fire({ workspace: 'w', counts: { overlaps: 1 } });
  await moment(again, later);
  again.last = { to: 3 };
  again.disturb = { until: null };
  again.digested.fire({ workspace: 'w', counts: { moved: 1 } });
  await moment(again, later);
  // Long after it, an overlap is news of its own.
  again.disturb = null;
  again.clock.advance(10 * 60_000);
  again.arrives(entry('3', { reason: 'overlap' }));
  await moment(again, later);
  expect(again.titles).toEqual(['While you were away: 1 for you', 'Bo changed what you changed']);
  await Promise.all([notify.close(), later.close()]);
});

it('[T19] [NT6] where nobody can show one it is not told later', async () => {
  const desk = new Desk();
  const notify = await Notify.open(desk.parts);
  desk.canShow = false;
  desk.arrives(entry('1'));
  await moment(desk, notify);
  expect(notify.tryOne('w')).toBe(false);
  desk.canShow = true;
  await moment(desk, notify, 60_000);
  expect(desk.shown).toEqual([]);
  expect(notify.tryOne('w')).toBe(true);
  await notify.close();
});
