// An end of the first programs, by its recorded bytes: it is understood, and is sent nothing that it does not know.
import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '../../tests/support/eventually.ts';
import { NOBODY } from '../../tests/support/linked-hubs.ts';
import { Pipe } from '../../tests/support/pipe.ts';
import { RoomSourceDouble } from '../../tests/support/room-source-double.ts';
import { FakeClock } from '../base/clock.ts';
import { silentLogger } from '../base/logger.ts';
import { decodeLinkFrame, LINK_FRAME, type LinkFrame } from '../protocol/link-frames.ts';
import { LIMITS } from '../protocol/limits.ts';
import { acceptLink } from './accept-link.ts';

const W = 'workspace';
const ascii = (text: string): number[] => [text.length, ...Array.from(text, (char) => char.charCodeAt(0))];
/** As the first programs wrote them: types 0 to 11, nothing behind their fields. */
const OLD = {
  hello: [0, 1, 1, ...ascii('member'), ...ascii('epoch'), ...ascii(W)],
  open: [1, 1, 0, ...ascii('space/page')],
  /** SyncStep1 with an empty state vector, and SyncStep2 with nothing. */
  question: [4, 1, 0, 0, 0, 1, 0],
  answer: [4, 1, 0, 0, 1, 2, 0, 0],
  follow: [8, 1, 0, 0],
  followAgain: [8, 2, 0, 0],
  close: [7, 1, 232, 7, 0],
  heartbeat: [11, 1],
  unknown: [200, 1, 9, 9, 9],
} as const;

const pipes: Pipe[] = [];
afterEach(() => {
  for (const pipe of pipes.splice(0)) pipe.cut();
});

function accepted(rooms: number): {
  relay: RoomSourceDouble;
  clock: FakeClock;
  say: (...words: (keyof typeof OLD)[]) => void;
  heard: () => LinkFrame[];
  pipe: Pipe;
} {
  const relay = new RoomSourceDouble(W);
  for (let i = 0; i < rooms; i += 1) relay.type(`${W}/space/${i === 0 ? 'page' : `page${i}`}`, 'text');
  const clock = new FakeClock();
  const pipe = new Pipe();
  pipes.push(pipe);
  pipe.a.onMessage(() => undefined);
  acceptLink(pipe.b, { source: relay, workspace: W, principal: NOBODY, clock, logger: silentLogger });
  return {
    relay,
    clock,
    pipe,
    say: (...words) => {
      for (const word of words) pipe.a.send(Uint8Array.from(OLD[word]));
    },
    heard: () => pipe.b.sent.flatMap((bytes) => decodeLinkFrame(bytes) ?? []),
  };
}

describe('an end of the first programs', () => {
  it('[LF2] [HE4] [RM5] [VE3] is served, ignores nothing that matters, and is sent no type and no flag that it does not know', async () => {
    const { say, heard, pipe } = accepted(1);
    say('hello', 'unknown', 'follow', 'open', 'question', 'answer', 'heartbeat', 'unknown');
    await eventually(() => {
      const kinds = heard().map(({ kind }) => kind);
      for (const kind of ['hello', 'changes', 'listed', 'opened', 'data', 'mark', 'ack', 'heartbeat'])
        expect(kinds).toContain(kind);
    });
    expect(pipe.b.sent.map(([type]) => type).filter((type) => type! > LINK_FRAME.heartbeat)).toEqual([]);
    const changes = pipe.b.sent.find(([type]) => type === LINK_FRAME.changes);
    // space, no reset, up to 1, one entry (page, 1), and nothing behind it.
    expect([...changes!]).toEqual([9, ...ascii('space'), 0, 1, 1, ...ascii('page'), 1]);
  });

  it('[RM4] hears of changes only after its question was answered, and the answer holds them', async () => {
    const { relay, say, heard } = accepted(1);
    say('hello', 'open');
    await eventually(() => expect(heard().some(({ kind }) => kind === 'opened')).toBe(true));
    relay.type(`${W}/space/page`, ', more');
    await new Promise((resolve) => setImmediate(resolve));
    const updates = (): number[] =>
      heard().flatMap((frame) => (frame.kind === 'data' && frame.bytes[0] === 0 ? [frame.bytes[1]!] : []));
    expect(updates()).toEqual([0]);
    say('question');
    await eventually(() => expect(updates()).toEqual([0, 1]));
    relay.type(`${W}/space/page`, '!');
    await eventually(() => expect(updates()).toEqual([0, 1, 2]));
  });

  it('[CH4] ends a channel, and what was under way to it is ignored', async () => {
    const { relay, say, heard } = accepted(1);
    say('hello', 'open');
    await eventually(() => expect(relay.held).toBe(1));
    say('close', 'question', 'answer', 'heartbeat');
    await eventually(() => expect(heard().some(({ kind }) => kind === 'heartbeat')).toBe(true));
    expect(relay.held).toBe(0);
    expect(heard().filter(({ kind }) => kind === 'ack' || kind === 'close')).toEqual([]);
  });

  it('[CG2] [CG4] [CG6] is told everything in rising order, in frames of the limit, and asked again what is new before the answer', async () => {
    const { relay, say, heard } = accepted(1_201);
    say('hello', 'follow');
    await eventually(() => expect(heard().some(({ kind }) => kind === 'listed')).toBe(true));
    const lists = heard().flatMap((frame) =>
      frame.kind === 'changes' ? [frame.entries.map(({ number }) => number)] : [],
    );
    expect(lists.map(({ length }) => length)).toEqual([LIMITS.changesPerFrame, LIMITS.changesPerFrame, 201]);
    expect(lists.flat()).toEqual(Array.from({ length: 1_201 }, (_, at) => at + 1));
    relay.type(`${W}/space/page`, '!');
    await new Promise((resolve) => setImmediate(resolve));
    // Its time stands still: nothing is announced by itself, only because it is asked for.
    say('followAgain');
    await eventually(() => expect(heard().at(-1)).toEqual({ kind: 'listed', request: 2 }));
    expect(heard().at(-2)).toMatchObject({ kind: 'changes', entries: [{ document: 'page', number: 1_202 }] });
  });
});
