// Ready for travel without a host: what is taken along, what of it is here, counted once, and hostile rows.
import { expect, it } from 'vitest';
import { AppError } from '../../../shared/base/app-error.ts';
import { Emitter } from '../../../shared/base/emitter.ts';
import type { StoredRoom } from '../../../shared/hub/doc-store.ts';
import { MemoryDocStore, MemoryMedium } from '../../../shared/hub/memory-doc-store.ts';
import type { SourceChange } from '../../../shared/link/room-source.ts';
import type { Level } from '../../../shared/model/personal/levels.ts';
import { utf8 } from '../../../shared/base/encoding.ts';
import type { CatalogueRow } from '../catalogue-row.ts';
import { FetchWishes } from '../attachments/fetch-wishes.ts';
import { Breath, type Turns } from '../breath.ts';
import { hasRoomFor } from './free-bytes.ts';
import { StoredSizes } from './stored-sizes.ts';
import { takenAlong } from './taken-along.ts';
import { chosenBy, keepChoice, readChoice } from './travel-choice.ts';
import { reportOf, type ReportInput } from './travel-report.ts';

function row(room: string, more: Partial<CatalogueRow> = {}): CatalogueRow {
  return {
    ...{ room: `w/${room}`, kind: 'page', title: room, parent: null, order: 'a', archivedAt: null, createdBy: null },
    ...{ createdAt: 1, changedAt: 1, purpose: '', devices: {}, recovery: null, movedTo: null, cardsWent: 0 },
    ...{ trashed: null, properties: {}, favourites: [], aliases: [], thread: null, facts: null },
    ...more,
  };
}

const NOTHING = { spaces: new Set<string>(), documents: new Set<string>() };

async function roomsOf(
  rows: readonly CatalogueRow[],
  chosen: Parameters<typeof takenAlong>[1],
  links = {},
): Promise<string[]> {
  const to = new Map<string, readonly string[]>(Object.entries(links));
  const taken = await takenAlong({ rows, leadsTo: (room) => to.get(room.slice(2)) ?? [] }, chosen, new Breath());
  return taken.map(({ room }) => room.slice(2)).sort();
}

it('[TR1] takes along what I follow: spaces that I have not turned down, favourites, what I watch; all where that is nothing, and what I choose where I chose', () => {
  const levels = new Map<string, Level>([
    ['ops', 'mentions'],
    ['lab', 'mute'],
    ['thread', 'all'],
  ]);
  const my = { levels, favourites: ['fav'], watched: ['seen'] };
  const followed = chosenBy({ what: 'followed' }, ['ground', 'ops', 'lab'], my);
  expect([[...followed.spaces], [...followed.documents], followed.everything]).toEqual([
    ['ground'],
    ['fav', 'seen', 'thread'],
    false,
  ]);
  const quiet = chosenBy({ what: 'followed' }, ['ops', 'lab'], {
    ...my,
    levels: new Map(levels).set('thread', 'mute'),
    favourites: [],
    watched: [],
  });
  expect([[...quiet.spaces], quiet.everything]).toEqual([['ops', 'lab'], true]);
  expect([...chosenBy({ what: 'all' }, ['ops', 'lab'], my).spaces]).toEqual(['ops', 'lab']);
  const named = chosenBy({ what: 'chosen', spaces: ['lab', 'not mine'], documents: ['d'] }, ['ops', 'lab'], my);
  expect([[...named.spaces], [...named.documents]]).toEqual([['lab'], ['d']]);
});

it('[TR2] of a space everything but the trash; of a page what stands below it and the boards and discussions that it leads to, with their cards, in circles as well', async () => {
  const rows = [
    row('ground/manual'),
    row('ground/passes', { parent: 'manual' }),
    row('ground/deep', { parent: 'passes' }),
    row('ground/other'),
    row('ops/board', { kind: 'board' }),
    row('ops/card', { kind: 'card', parent: 'board' }),
    row('ops/thread', { kind: 'thread' }),
    row('ops/page'),
    row('lab/trash', { trashed: { at: 1, by: null } }),
    row('lab/binned', { kind: 'board', trashed: { at: 1, by: null } }),
    row('lab/binnedcard', { kind: 'card', parent: 'binned' }),
    row('lab/moved', { movedTo: 'ops' }),
    row('lab/kept'),
    row('@ana/profile', { kind: 'profile' }),
    row('~me/seen', { kind: 'personal' }),
  ];
  // A page and its child that name each other as parents: nobody made it, and it must end.
  rows.push(row('ground/a', { parent: 'b' }), row('ground/b', { parent: 'a' }));
  const links = {
    'ground/deep': ['board', 'page', '@ana', 'unknown'],
    'ops/card': ['thread'],
    'ops/thread': ['board'],
  };
  expect(await roomsOf(rows, { ...NOTHING, documents: new Set(['manual', 'a']) }, links)).toEqual([
    'ground/a',
    'ground/b',
    'ground/deep',
    'ground/manual',
    'ground/passes',
    'ops/board',
    'ops/card',
    'ops/thread',
  ]);
  expect(await roomsOf(rows, { ...NOTHING, spaces: new Set(['lab']) }, links)).toEqual(['lab/kept']);
  expect(await roomsOf(rows, NOTHING, links)).toEqual([]);
});

function report(more: Partial<ReportInput>): ReturnType<typeof reportOf> {
  const rows = new Map((more.taken ?? []).map((one) => [one.room, one]));
  const input: ReportInput = {
    ...{ taken: [], people: [], spaces: ['s', 't'], sizes: new Map(), differing: new Map() },
    ...{ filesOf: () => [], fileState: () => ({ here: true, size: 1 }), row: (room: string) => rows.get(room) ?? null },
    ...more,
  };
  return reportOf(input, new Breath());
}

it('[TR4] [TR5] counts a file once however often it is used, says where it is used first, and tells documents apart that are behind, refused, damaged, unsafe or known by name alone', async () => {
  const taken = [
    row('s/p'),
    row('s/b', { kind: 'board', title: 'Coast site' }),
    row('s/c', { kind: 'card', parent: 'b', title: '' }),
    row('t/p2'),
    row('s/bad'),
    row('s/odd'),
  ];
  const files = new Map([
    ['w/s/p', [{ blob: 'x', size: 100, name: 'x.wav' }]],
    [
      'w/s/c',
      [
        { blob: 'x', size: 100, name: 'x again' },
        { blob: 'y', size: 30, name: 'y.pdf' },
      ],
    ],
    ['w/t/p2', [{ blob: 'y', size: 30, name: 'y.pdf' }]],
    ['w/@ana/profile', [{ blob: 'face', size: 5, name: '' }]],
  ]);
  const told = await report({
    taken,
    people: [row('@ana/profile', { kind: 'profile' })],
    sizes: new Map<string, number | 'damaged'>([
      ['w/s/p', 10],
      ['w/t/p2', 7],
      ['w/s/bad', 'damaged'],
    ]),
    filesOf: (room) => files.get(room) ?? [],
    fileState: (_space, blob) =>
      blob === 'y' || blob === 'face'
        ? { here: true, size: 30 }
        : { here: false, state: 'coming', wanted: false, received: 40, trouble: null },
    differing: new Map<string, 'coming' | 'refused' | 'unsafe'>([
      ['w/t/p2', 'coming'],
      ['w/s/odd', 'unsafe'],
      ['w/s/new', 'coming'],
      ['w/@bo/profile', 'refused'],
    ]),
  });
  expect(
    told.missing.map((one) =>
      one.what === 'file'
        ? [one.name, one.used.title, one.more, one.received]
        : [one.document.title, one.document.kind, one.state],
    ),
  ).toEqual([
    ['t/p2', 'page', 'behind'],
    ['s/bad', 'page', 'damaged'],
    ['s/odd', 'page', 'unsafe'],
    ['', 'page', 'coming'],
    ['', 'profile', 'refused'],
    ['x.wav', 's/p', 1, 40],
  ]);
  // y is in two spaces, and on the disk once: 10 + 7 of documents, 30 of y, 30 of the face.
  expect([told.things, told.hereBytes, told.missingCount, told.missingBytes]).toEqual([7 + 4 + 2, 77, 6, 60]);
  expect(told.spaces).toEqual([
    {
      space: 's',
      pages: 3,
      boards: 1,
      threads: 0,
      files: 1,
      fileBytes: 30,
      documentBytes: 10,
      missing: 4,
      missingBytes: 60,
    },
    {
      space: 't',
      pages: 1,
      boards: 0,
      threads: 0,
      files: 1,
      fileBytes: 30,
      documentBytes: 7,
      missing: 1,
      missingBytes: 0,
    },
  ]);
  expect(told.people).toEqual({ profiles: 1, files: 1, fileBytes: 30, documentBytes: 0 });
});

it('[TR4] what a card lacks is told with its board, and a board without a name with none', async () => {
  const taken = [
    row('s/b', { kind: 'board', title: 'Coast site' }),
    row('s/c', { kind: 'card', parent: 'b', title: '' }),
  ];
  const told = await report({
    taken,
    filesOf: (room) => (room === 'w/s/c' ? [{ blob: 'x', size: 1, name: 'x' }] : []),
    fileState: () => ({ here: false, state: 'absent', wanted: false, received: 0, trouble: null }),
  });
  expect(told.missing).toMatchObject([{ used: { document: 'c', board: 'b', title: 'Coast site', kind: 'card' } }]);
});

it('[TR6] sizes are read once and again only for what changed; damage is told and stops nothing', async () => {
  const changes = new Emitter<readonly SourceChange[]>();
  const loads: string[] = [];
  const stored: StoredRoom = { state: null, tail: [new Uint8Array(3), new Uint8Array(4)], first: 0, number: 1 };
  const store = {
    load: async (room: string): Promise<StoredRoom | null> => {
      loads.push(room);
      if (room === 'w/s/bad') throw new AppError('damaged', 'The checksum does not hold.');
      return room === 'w/s/none' ? null : stored;
    },
  };
  const sizes = new StoredSizes(store, { onChange: changes.event });
  const rooms = ['w/s/a', 'w/s/bad', 'w/s/none', 'w/s/b'];
  const told = [7, 'damaged', null, 7];
  expect([...(await sizes.of(rooms, new Breath())).values()]).toEqual(told);
  expect([...(await sizes.of(rooms, new Breath())).values()]).toEqual(told);
  changes.fire([{ workspace: 'w', space: 's', room: 'w/s/b', number: 2, forwarded: false }]);
  expect([...(await sizes.of(rooms, new Breath())).values()]).toEqual(told);
  expect(loads).toEqual([...rooms, 'w/s/b']);
  sizes.close();
  expect(changes.size).toBe(0);
});

it('[TR6] what two ask for at once is read once, and both are told; what could not be read is read again', async () => {
  const stored: StoredRoom = { state: null, tail: [new Uint8Array(3)], first: 0, number: 1 };
  const answers: ((room: StoredRoom | Error) => void)[] = [];
  const load = (): Promise<StoredRoom> =>
    new Promise((resolve, reject) => {
      answers.push((given) => (given instanceof Error ? reject(given) : resolve(given)));
    });
  const changes = new Emitter<readonly SourceChange[]>();
  const sizes = new StoredSizes({ load }, { onChange: changes.event });
  const ask = async (): Promise<unknown> => (await sizes.of(['w/s/a'], new Breath())).get('w/s/a');
  const failed = Promise.allSettled([ask(), ask()]);
  answers[0]?.(new Error('The store is closed.'));
  expect((await failed).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  const both = Promise.all([ask(), ask()]);
  expect(answers.length).toBe(2);
  answers[1]?.(stored);
  expect(await both).toEqual([3, 3]);
  sizes.close();
});

/** Counts what the work touches; a touch is a hundredth of a millisecond. `longest`: the most between two turns of others. */
class Touches implements Turns {
  #touched = 0;
  #since = 0;
  longest = 0;

  touch(): void {
    this.#touched += 1;
    this.longest = Math.max(this.longest, this.#touched - this.#since);
  }

  now(): number {
    return this.#touched / 100;
  }

  next(): Promise<void> {
    this.#since = this.#touched;
    return Promise.resolve();
  }
}

it('[TR6] looking through 20,000 documents and 40,000 files lets others have their turn all along', async () => {
  const turns = new Touches();
  const breath = new Breath(turns);
  const touched = <T>(value: T): T => {
    turns.touch();
    return value;
  };
  const rows = Array.from({ length: 20_000 }, (_, at) => row(`${at % 2 === 0 ? 's' : 't'}/d${at}`));
  // Whoever goes through all of the rows in one turn is seen.
  const seen = new Proxy(rows, {
    get: (target, key) => touched<unknown>(Reflect.get(target, key)),
  });
  const spaces = new Set(['s', 't']);
  const taken = await takenAlong({ rows: seen, leadsTo: () => touched([]) }, { ...NOTHING, spaces }, breath);
  expect(taken).toHaveLength(rows.length);
  const stored: StoredRoom = { state: null, tail: [new Uint8Array(3)], first: 0, number: 1 };
  const changes = new Emitter<readonly SourceChange[]>();
  const sizes = new StoredSizes({ load: () => Promise.resolve(touched(stored)) }, { onChange: changes.event });
  const told = await reportOf(
    {
      ...{ taken, people: [], spaces: ['s', 't'], differing: new Map() },
      sizes: await sizes.of(
        rows.map(({ room }) => room),
        breath,
      ),
      filesOf: (room) => [1, 2].map((size) => ({ blob: touched(`${room}${size}`), size, name: '' })),
      fileState: () => touched({ here: true, size: 1 }),
      row: () => null,
    },
    breath,
  );
  sizes.close();
  expect(told.things).toBe(60_000);
  // 8 milliseconds, and what one document takes beyond them.
  expect(turns.longest).toBeLessThan(810);
});

it('[TR7] nothing is begun that would take the room in which is written; where the system does not say, it is tried', () => {
  const [more, enough] = [1024 ** 3, 200 * 1024 ** 2];
  expect([hasRoomFor(more, more + enough), hasRoomFor(more, more + enough - 1), hasRoomFor(1, 0)]).toEqual([
    true,
    false,
    false,
  ]);
  expect([hasRoomFor(0, 0), hasRoomFor(more, null)]).toEqual([true, true]);
});

it('[TR8] a choice that does not read is none, and one that is kept is read again', async () => {
  const store = new MemoryDocStore(new MemoryMedium());
  const { values } = store;
  expect(await readChoice(values, 'w')).toEqual({ what: 'followed' });
  await keepChoice(values, 'w', { what: 'chosen', spaces: ['s'], documents: [] });
  expect(await readChoice(values, 'w')).toEqual({ what: 'chosen', spaces: ['s'], documents: [] });
  await values.write([{ area: 'travel', key: 'w', value: utf8('{"what":"chosen","spaces":[1]}') }]);
  expect(await readChoice(values, 'w')).toEqual({ what: 'followed' });
  await keepChoice(values, 'w', null);
  expect(await values.get('travel', 'w')).toBeNull();
  await store.close();
});

it('[TR7] what is asked for comes first, what is paused not at all, and only asking takes the pause away', () => {
  const wishes = new FetchWishes();
  const at = (blob: string) => ({ workspace: 'w', space: 's', blob });
  const told = () => [...wishes.of(['a', 'b', 'c'].map(at))].map(({ blob, first }) => [blob, first]);
  wishes.first([at('c')]);
  wishes.pause([at('a')]);
  expect(told()).toEqual([
    ['b', false],
    ['c', true],
  ]);
  wishes.pause([at('c')]);
  wishes.first([at('a')]);
  expect(told()).toEqual([
    ['a', true],
    ['b', false],
  ]);
  wishes.forget('w');
  expect(told()).toEqual([
    ['a', false],
    ['b', false],
    ['c', false],
  ]);
});
