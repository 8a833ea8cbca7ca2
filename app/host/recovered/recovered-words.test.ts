// Looking through pages in the background: an answer is as new as its question, failures are remembered, and one device alone costs nothing.
import { afterEach, expect, it } from 'vitest';
import * as Y from 'yjs';
import { systemClock } from '../../../shared/base/clock.ts';
import { Emitter } from '../../../shared/base/emitter.ts';
import type { History } from '../../../shared/hub/history/history.ts';
import type { RoomSession } from '../../../shared/hub/history/room-history.ts';
import { RoomPast } from '../../../shared/hub/history/room-past.ts';
import type { SourceChange } from '../../../shared/link/room-source.ts';
import type { SegmentNews } from '../../../shared/link/segment-source.ts';
import { RecoveredWords, type Look } from './recovered-words.ts';

const ROOM = 'workspace/space/page';
const failed = (): void => undefined;
const changes = new Emitter<readonly SourceChange[]>(failed);
const news = new Emitter<SegmentNews>(failed);
const session: RoomSession = {
  ...{
    hash: 'a',
    identity: 'a',
    startedAt: 1,
    endedAt: 2,
    device: 'one',
    member: '',
    signer: null,
    count: 3,
    clients: [1],
    known: () => [],
  },
};

interface Fake {
  shared: boolean;
  sessions: readonly RoomSession[];
  builds: number;
  /** Waited for before a past is there. */
  gate: Promise<void>;
  failure: Error | null;
}

let words: RecoveredWords;
afterEach(() => words.dispose());

function begin(given: Partial<Fake> = {}): Fake {
  const fake: Fake = { shared: true, sessions: [session], builds: 0, gate: Promise.resolve(), failure: null, ...given };
  const history = {
    onSegment: news.event,
    sessionsOf: () => Promise.resolve(fake.sessions),
    isShared: () => Promise.resolve(fake.shared),
    knownSince: () => Promise.resolve(null),
    pastOf: async () => {
      fake.builds += 1;
      await fake.gate;
      if (fake.failure) throw fake.failure;
      const current = Y.encodeStateAsUpdate(new Y.Doc());
      return RoomPast.build({ updates: async function* () {}, current, bases: [] });
    },
  } as unknown as History;
  const authorOf = () => ({ device: 'one', member: '' });
  words = new RecoveredWords({ history, hub: { onChange: changes.event }, clock: systemClock, authorOf });
  return fake;
}

async function whole(long = false): Promise<Look> {
  for (let again = false; ; again = true) {
    const look = await words.ask(ROOM, long, again);
    if (look.state !== 'looking') return look;
  }
}

const change = (): void => changes.fire([{ room: ROOM } as SourceChange]);

it('[SG19] a page is looked through once, and again after it changed', async () => {
  const fake = begin();
  await whole();
  expect(await whole()).toEqual({ state: 'ready', passages: [], authors: [{ device: 'one', member: '' }] });
  expect(fake.builds).toBe(1);
  change();
  await whole();
  expect(fake.builds).toBe(2);
});

it('[SG19] what comes while it is looked through is looked for by the next question, once for all of them', async () => {
  let open = (): void => undefined;
  const fake = begin({ gate: new Promise((resolve) => (open = resolve)) });
  const first = whole();
  await expect.poll(() => fake.builds).toBe(1);
  change();
  const later = [whole(), whole()];
  open();
  await Promise.all([first, ...later]);
  expect(fake.builds).toBe(2);
});

it('[SG19] where one device alone wrote nothing is put together; a long past only when it is asked for', async () => {
  const fake = begin({ shared: false });
  expect((await whole()).state).toBe('ready');
  expect(fake.builds).toBe(0);
  words.dispose();
  const other = begin({ sessions: [{ ...session, count: 50_000 }] });
  expect(await whole()).toEqual({ state: 'long', changes: 50_000 });
  expect(other.builds).toBe(0);
  expect((await whole(true)).state).toBe('ready');
  expect(other.builds).toBe(1);
});

it('[SG19] a past that cannot be put together is not tried again unasked', async () => {
  const fake = begin({ failure: new Error('too much') });
  await expect(whole()).rejects.toThrow('too much');
  await expect(whole()).rejects.toThrow('too much');
  expect(fake.builds).toBe(1);
  await expect(whole(true)).rejects.toThrow('too much');
  expect(fake.builds).toBe(2);
});
