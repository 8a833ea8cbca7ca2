// Reminders of due cards from what is on this computer: whose, when, once each, after sleep too; with a clock of its own.
import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { FakeClock } from '../../../shared/base/clock.ts';
import { Emitter } from '../../../shared/base/emitter.ts';
import { silentLogger } from '../../../shared/base/logger.ts';
import type { SourceChange } from '../../../shared/link/room-source.ts';
import { MemoryDocStore } from '../../../shared/hub/memory-doc-store.ts';
import { readWishes, writeWishes, type NotificationChange } from '../../../shared/model/personal/notifications.ts';
import { createPersonal } from '../../../shared/model/personal/personal.ts';
import { setWatched, type WatchPlace } from '../../../shared/model/personal/watched.ts';
import { createDocument } from '../../../shared/model/document/commands.ts';
import { cardsOf, columnsOf } from '../../../shared/model/document/roots.ts';
import { DueCards } from './due-cards.ts';
import { dueInWords, reminderOf } from './due-times.ts';
import { WallClock } from './wall-clock.ts';

const at = (text: string): number => Date.parse(text);
const HOUR = 3_600_000;
const BERLIN = new WallClock('Europe/Berlin');
const USUAL = readWishes(new Y.Doc());

it('[B12] [NT7] a time reminds an hour before, a day at nine on the day before, or as it is set; in my zone', () => {
  const due = at('2026-12-02T13:00:00Z');
  expect(reminderOf(due, USUAL, BERLIN)?.at).toBe(due - HOUR);
  expect(reminderOf(due, { ...USUAL, timeLead: 'at' }, BERLIN)?.at).toBe(due);
  expect(reminderOf(due, { ...USUAL, timeLead: 'day' }, BERLIN)?.at).toBe(due - 24 * HOUR);
  expect(reminderOf(due, { ...USUAL, timeLead: 'never' }, BERLIN)).toBeNull();
  expect(reminderOf('2026-12-02', USUAL, BERLIN)?.at).toBe(at('2026-12-01T08:00:00Z'));
  expect(reminderOf('2026-12-02', { ...USUAL, dayLead: 'same' }, BERLIN)?.at).toBe(at('2026-12-02T08:00:00Z'));
  expect(reminderOf('2026-12-02', { ...USUAL, dayLead: 'never' }, BERLIN)).toBeNull();
  expect(reminderOf('2026-12-02', USUAL, new WallClock('America/Recife'))?.at).toBe(at('2026-12-01T12:00:00Z'));
  expect(dueInWords('2026-12-02')).toBe('Due 2 December 2026');
});

const ROOM = 'w/team/board';

/** Of a computer that can sleep: time goes on, and no timer with it. */
class SleepyClock extends FakeClock {
  #slept = 0;
  override now(): number {
    return super.now() + this.#slept;
  }
  sleep(milliseconds: number): void {
    this.#slept += milliseconds;
  }
}

class Desk {
  readonly clock = new SleepyClock(at('2026-11-30T10:00:00Z'));
  readonly docs = new Map<string, Y.Doc>();
  readonly source = new Emitter<readonly SourceChange[]>();
  readonly told: string[] = [];
  due!: DueCards;
  #number = 0;
  readonly store: MemoryDocStore;

  constructor(store = new MemoryDocStore()) {
    this.store = store;
    const board = new Y.Doc();
    createDocument(board, { kind: 'board', title: 'Station', createdBy: 'ana', createdAt: 1 });
    columnsOf(board).set('todo', new Y.Map(Object.entries({ name: 'To do', order: 'a0' })));
    this.docs.set(ROOM, board);
  }

  async start(): Promise<void> {
    const look = async <T>(room: string, read: (doc: Y.Doc) => T): Promise<T> =>
      read(this.docs.get(room) ?? new Y.Doc());
    this.due = await DueCards.open({
      values: this.store.values,
      documents: { readHead: look, readStored: look },
      source: {
        heads: async () => [{ workspace: 'w', space: 'team', number: this.#number }],
        changes: async () => [{ room: ROOM, number: this.#number }],
        onChange: this.source.event,
      },
      principal: { device: 'd', member: null },
      memberOf: () => 'ana',
      spacesOf: () => ['team'],
      wall: () => BERLIN,
      clock: this.clock,
      logger: silentLogger,
    });
    this.due.onChange(() => this.told.push(this.now.join(' ')));
    await this.due.watch('w');
    await this.due.settled();
  }

  get now(): string[] {
    return [...this.due.found('w')].map(({ title }) => title);
  }

  async card(
    id: string,
    due: number | string | null,
    more: Record<string, unknown> = { 'member/ana': 'a0' },
  ): Promise<void> {
    const stored = cardsOf(this.docs.get(ROOM)!);
    stored.set(id, new Y.Map(Object.entries({ title: new Y.Text(id), column: 'todo', order: 'a0', due, ...more })));
    await this.changed(ROOM);
  }

  async wishes(change: NotificationChange): Promise<void> {
    await this.mine('notifications', (doc) => writeWishes(doc, change));
  }

  async watch(place: WatchPlace): Promise<void> {
    await this.mine('watched', (doc) => setWatched(doc, place, 1));
  }

  async mine(matter: string, change: (doc: Y.Doc) => void): Promise<void> {
    const room = `w/~ana/${matter}`;
    const doc = this.docs.get(room) ?? new Y.Doc();
    if (!this.docs.has(room)) createPersonal(doc, { createdBy: 'ana', createdAt: 1 });
    this.docs.set(room, doc);
    change(doc);
    await this.changed(room);
  }

  async changed(room: string): Promise<void> {
    this.#number += 1;
    const space = room.split('/')[1] ?? '';
    this.source.fire([{ workspace: 'w', space, room, number: this.#number, forwarded: false }]);
    await this.due.settled();
  }

  async goes(milliseconds: number): Promise<void> {
    this.clock.advance(milliseconds);
    await this.due.settled();
  }
}

it('[B12] [NT7] cards that are mine or watched remind when their time comes, and no more once they are complete or due another day', async () => {
  const desk = new Desk();
  await desk.start();
  const due = desk.clock.now() + 3 * HOUR;
  await desk.card('mine', due);
  await desk.card('of-Bo', due, { 'member/bo': 'a0' });
  await desk.card('watched', due + HOUR, {});
  await desk.card('done', due, { 'member/ana': 'a0', completed: { by: 'bo', at: 2 } });
  await desk.card('on-a-day', '2026-12-01');
  await desk.card('put-away', due, { 'member/ana': 'a0', archivedAt: 5 });
  await desk.watch({ board: 'board', card: 'watched' });
  // Nine o'clock of today is over: the reminder of tomorrow's day has begun.
  expect(desk.now).toEqual(['on-a-day']);
  await desk.goes(2 * HOUR + 30_000);
  expect(desk.now).toEqual(['mine', 'on-a-day']);
  await desk.goes(HOUR);
  expect(desk.now).toEqual(['mine', 'on-a-day', 'watched']);
  const things = [...desk.due.found('w')].map(({ thing }) => thing);
  expect(things).toContain(`due:mine:${due}`);
  await desk.card('mine', due + 24 * HOUR);
  expect(desk.now).toEqual(['on-a-day', 'watched']);
  await desk.wishes({ dayLead: 'never' });
  expect(desk.now).toEqual(['watched']);
  await desk.due.close();
  expect(desk.clock.pending).toBe(0);
});

it('[B12] [NT7] what came due while the computer slept is told when it wakes, in one piece, and after a restart as before', async () => {
  const desk = new Desk();
  await desk.start();
  for (const hours of [2, 3, 4]) await desk.card(`in-${hours}`, desk.clock.now() + hours * HOUR);
  expect(desk.told).toEqual([]);
  desk.clock.sleep(9 * HOUR);
  await desk.goes(30_000);
  expect(desk.told).toEqual(['in-2 in-3 in-4']);
  await desk.due.close();
  await desk.start();
  expect(desk.now).toEqual(['in-2', 'in-3', 'in-4']);
  await desk.due.close();
});

it('[B12] [NT7] a reminder that nobody heeded for two weeks is none any more; hostile dates remind of nothing', async () => {
  const desk = new Desk();
  await desk.start();
  await desk.card('old', desk.clock.now() - 13 * 24 * HOUR);
  await desk.card('older', desk.clock.now() - 15 * 24 * HOUR);
  for (const due of ['2026-13-40', {}, Number.NaN, 'tomorrow']) await desk.card('odd', due as string);
  expect(desk.now).toEqual(['old']);
  desk.clock.sleep(2 * 24 * HOUR);
  await desk.goes(30_000);
  expect(desk.now).toEqual([]);
  await desk.due.close();
});
