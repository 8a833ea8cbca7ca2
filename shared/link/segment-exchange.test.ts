// Shows history segments over a link between in-memory hubs: what is offered, fetched, refused, resumed and left alone. One file, for all of it is one exchange between the same two hubs.
import { afterEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../base/clock.ts';
import { AppError } from '../base/app-error.ts';
import { encodeLinkFrame, type LinkFrame } from '../protocol/link-frames.ts';
import { LIMITS } from '../protocol/limits.ts';
import { NO_HASH } from '../protocol/segment-frames.ts';
import { eventually } from '../../tests/support/eventually.ts';
import { linkHubs, type Linked } from '../../tests/support/linked-hubs.ts';
import type { Pipe, PipeEnd } from '../../tests/support/pipe.ts';
import { RoomSourceDouble } from '../../tests/support/room-source-double.ts';
import { framesIn } from '../../tests/support/sent-frames.ts';
import { SegmentSourceDouble } from '../../tests/support/segment-source-double.ts';
import { VolatileSegmentMemory } from './segment-memory.ts';

const W = 'workspace';
const room = (id: string, space = 'space'): string => `${W}/${space}/${id}`;

/** A hub with its history, and what it remembers of others'. */
class Member {
  readonly rooms: RoomSourceDouble;
  readonly segments = new SegmentSourceDouble(W);
  memory = new VolatileSegmentMemory();

  constructor(hub?: string) {
    this.rooms = new RoomSourceDouble(W, hub);
    // Every space has some text, so that it is one to be read.
    this.rooms.type(room('page'), 'text');
  }

  get history() {
    return { segments: this.segments, memory: this.memory };
  }
}

const links: Linked[] = [];
afterEach(async () => {
  for (const { link } of links.splice(0)) await link.close();
});

async function linked(
  dialing: Member,
  accepting: Member | (() => Member),
  options: Partial<Parameters<typeof linkHubs>[2]> = {},
): Promise<Linked> {
  const other = typeof accepting === 'function' ? accepting : () => accepting;
  const made = linkHubs(dialing.rooms, () => other().rooms, {
    workspace: W,
    history: dialing.history,
    acceptHistory: () => other().history,
    ...options,
  });
  links.push(made);
  await made.link.start();
  return made;
}

function frames(end: PipeEnd): LinkFrame[] {
  return framesIn(end.sent);
}

function fetched(pipe: Pipe): string[] {
  return [...frames(pipe.a), ...frames(pipe.b)].flatMap((frame) =>
    frame.kind === 'fetchSegments' ? frame.wanted.map(({ hash }) => hash) : [],
  );
}

async function again(made: Linked): Promise<Pipe> {
  const before = made.pipe();
  before.cut();
  made.link.retryNow();
  await eventually(() => expect(made.pipe()).not.toBe(before));
  return made.pipe();
}

describe('[SW] history segments over a link', () => {
  it('[SW1] [SW2] both ends get what the other one has, and what is recorded later', async () => {
    const [member, relay] = [new Member(), new Member()];
    member.segments.record(room('page'), 'mine');
    relay.segments.record(room('page'), 'theirs');
    relay.segments.record(room('other', 'second'), 'of another space');
    relay.rooms.type(room('other', 'second'), 'text');
    await linked(member, relay);
    await eventually(() => expect(member.segments.hashes().length).toBe(3));
    await eventually(() => expect(relay.segments.hashes()).toEqual(member.segments.hashes()));
    member.segments.record(room('page'), 'later');
    relay.segments.record(room('page'), 'later there');
    await eventually(() => expect(member.segments.hashes().length).toBe(5));
    await eventually(() => expect(relay.segments.hashes()).toEqual(member.segments.hashes()));
  });

  it('[SW4] large ones come in pieces of at most a fragment, whole at the end', async () => {
    const [member, relay] = [new Member(), new Member()];
    const large = new Uint8Array(3 * LIMITS.fragment + 5).map((_, at) => at % 251);
    const hash = relay.segments.record(room('page'), large);
    const made = await linked(member, relay);
    await eventually(() => expect(member.segments.hashes()).toEqual([hash]));
    const pieces = frames(made.pipe().b).filter((frame) => frame.kind === 'segment');
    expect(pieces.length).toBe(4);
    expect(pieces.every(({ bytes }) => bytes.length <= LIMITS.fragment)).toBe(true);
  });

  it('[SW3] [SW4] text goes first: nothing is asked for before the rooms are here, and no piece goes before a waiting message', async () => {
    const [member, relay] = [new Member(), new Member()];
    for (let i = 0; i < 100; i += 1) {
      relay.rooms.type(room(`page${i}`), 'x'.repeat(2_000));
      relay.segments.record(room(`page${i}`), 'y'.repeat(2_000));
    }
    const made = await linked(member, relay);
    await eventually(() => expect(member.segments.hashes().length).toBe(100));
    const sent = frames(made.pipe().a);
    const lastOpened = sent.findLastIndex((frame) => frame.kind === 'open');
    expect(sent.findIndex((frame) => frame.kind === 'fetchSegments')).toBeGreaterThan(lastOpened);
    const theirs = frames(made.pipe().b);
    const lastText = theirs.findLastIndex((frame) => frame.kind === 'data');
    expect(theirs.findIndex((frame) => frame.kind === 'segment')).toBeGreaterThan(lastText);
  });

  it('[SW4] waits while the transport is full, and text overtakes it', async () => {
    const [member, relay] = [new Member(), new Member()];
    const made = await linked(member, relay);
    await made.link.settled();
    const pin = made.link.pin(room('page'));
    await made.link.settled();
    const { b } = made.pipe();
    b.backlog = LIMITS.fragment;
    const hash = relay.segments.record(room('page'), 'z'.repeat(LIMITS.fragment * 3));
    await eventually(() => expect(fetched(made.pipe())).toEqual([hash]));
    relay.rooms.type(room('page'), ' typed now');
    await eventually(() => expect(member.rooms.text(room('page'))).toContain('typed now'));
    expect(frames(b).some((frame) => frame.kind === 'segment')).toBe(false);
    b.backlog = 0;
    await eventually(() => expect(member.segments.hashes()).toEqual([hash]));
    pin.dispose();
  });

  it('[SW3] asks for a few at a time, whatever is offered', async () => {
    const [member, relay] = [new Member(), new Member()];
    for (let i = 0; i < 1_200; i += 1) relay.segments.record(room('page'), `session ${i}`);
    for (let i = 0; i < 8; i += 1)
      relay.segments.record(room('page'), `${i}${'w'.repeat(LIMITS.segmentBytesAsked / 3)}`);
    const made = await linked(member, relay);
    await eventually(() => expect(member.segments.hashes().length).toBe(1_208));
    const sizes = new Map(
      (await relay.segments.segmentsAfter(W, 'space', 0, 5_000)).map((ref) => [ref.hash, ref.size]),
    );
    const asked = frames(made.pipe().a).flatMap((frame) => (frame.kind === 'fetchSegments' ? [frame.wanted] : []));
    for (const wanted of asked) {
      expect(wanted.length).toBeLessThanOrEqual(LIMITS.segmentsAsked);
      const bytes = wanted.reduce((sum, { hash }) => sum + (sizes.get(hash) ?? 0), 0);
      expect(bytes).toBeLessThanOrEqual(LIMITS.segmentBytesAsked);
    }
  });

  it('[SW5] a forged, a misplaced, a vanished and an oversized one are passed over, and the others come', async () => {
    const [member, relay] = [new Member(), new Member()];
    const made = linkHubs(member.rooms, () => relay.rooms, {
      workspace: W,
      history: member.history,
      acceptHistory: () => relay.history,
      onPipe: (pipe) => pipe.pause(),
    });
    links.push(made);
    const forged = relay.segments.record(room('page'), 'forged');
    relay.segments.falsify(forged, new TextEncoder().encode(`${room('page')}\nFORGED`));
    const vanished = relay.segments.record(room('page'), 'vanished');
    const oversized = relay.segments.record(room('page'), 'oversized');
    relay.segments.falsify(oversized, new Uint8Array(100_000));
    const good = relay.segments.record(room('page'), 'good');
    await made.link.start();
    await eventually(() => {
      made.pipe().deliver(1);
      expect(fetched(made.pipe()).length).toBe(4);
    });
    relay.segments.remove(vanished);
    made.pipe().resume();
    await eventually(() => expect(member.segments.hashes()).toEqual([good]));
    // All four are behind it: nothing is asked for again.
    await eventually(async () => expect((await member.memory.load(relay.rooms.hub)).get('space')?.after).toBe(4));
    const next = await again(made);
    next.resume();
    await made.link.settled();
    expect(fetched(next)).toEqual([]);
  });

  it('[SW5] one that lies in another room than it was offered for is refused', async () => {
    const [member, relay] = [new Member(), new Member()];
    const hash = relay.segments.record(room('secret', 'closed'), 'x');
    relay.segments.misplace(hash, room('page'));
    await linked(member, relay);
    await eventually(() => expect(member.segments.added).toBe(1));
    expect(member.segments.hashes()).toEqual([]);
  });

  it('[SW3] what the other end may not write is not taken, what it may not read is not offered or handed over', async () => {
    const [member, relay] = [new Member(), new Member()];
    relay.rooms.readOnly.add(room('closed'));
    const closed = member.segments.record(room('closed'), 'of a room that takes nothing');
    const open = member.segments.record(room('page'), 'open');
    // No text of this space: nobody may read it.
    const hidden = relay.segments.record(room('page', 'hidden'), 'hidden');
    const made = await linked(member, relay);
    await eventually(() => expect(relay.segments.hashes()).toContain(open));
    await made.link.settled();
    expect(relay.segments.hashes()).not.toContain(closed);
    const { a, b } = made.pipe();
    a.send(encodeLinkFrame({ kind: 'fetchSegments', wanted: [{ space: 'hidden', number: 1, hash: hidden }] }));
    await eventually(() => expect(frames(b).some((frame) => frame.kind === 'segment' && frame.missing)).toBe(true));
    expect(member.segments.hashes()).not.toContain(hidden);
    // The first text makes it a space like the others.
    relay.rooms.type(room('page', 'hidden'), 'text');
    await eventually(() => expect(member.segments.hashes()).toContain(hidden));
  });

  it('[SW6] goes on where it was after a lost connection and after a restart, and asks for nothing twice', async () => {
    const [member, relay] = [new Member(), new Member()];
    for (let i = 0; i < 50; i += 1) relay.segments.record(room('page'), `session ${i}`);
    const made = await linked(member, relay);
    await eventually(() => expect(member.segments.hashes().length).toBe(50));
    await eventually(async () => expect((await member.memory.load(relay.rooms.hub)).get('space')?.after).toBe(50));
    relay.segments.record(room('page'), 'one more');
    relay.rooms.newEpoch();
    const next = await again(made);
    await eventually(() => expect(member.segments.hashes().length).toBe(51));
    const offered = frames(next.b).flatMap((frame) => (frame.kind === 'segments' ? frame.entries : []));
    expect([offered.length, fetched(next).length]).toEqual([1, 1]);
    await made.link.close();
    const third = await linked(member, relay);
    await third.link.settled();
    expect(frames(third.pipe().b).filter((frame) => frame.kind === 'segments')).toEqual([]);
  });

  it('[SW2] [D10] a hub restored from an older backup offers from the beginning, also where numbers were given anew', async () => {
    const [member, relay] = [new Member(), new Member()];
    relay.segments.record(room('page'), 'kept');
    const [rooms, segments] = [relay.rooms.snapshot(), relay.segments.snapshot()];
    relay.segments.record(room('page'), 'lost there');
    const made = await linked(member, relay);
    await eventually(() => expect(member.segments.hashes().length).toBe(2));
    await eventually(async () => expect((await member.memory.load(relay.rooms.hub)).get('space')?.after).toBe(2));
    made.reachable = false;
    made.pipe().cut();
    // What was remembered lies in the same store.
    rooms();
    segments();
    relay.memory = new VolatileSegmentMemory();
    const other = relay.segments.record(room('page'), 'another one under number 2');
    made.reachable = true;
    made.link.retryNow();
    await eventually(() => expect(member.segments.hashes()).toContain(other));
    // And what it lost comes back from the member.
    await eventually(() => expect(relay.segments.hashes()).toEqual(member.segments.hashes()));
  });

  it('[SW6] [D10] a wiped hub is filled with history again', async () => {
    const [member, relay] = [new Member(), new Member()];
    let current = relay;
    for (let i = 0; i < 20; i += 1) member.segments.record(room('page'), `session ${i}`);
    const made = await linked(member, () => current);
    await eventually(() => expect(relay.segments.hashes().length).toBe(20));
    current = new Member();
    await again(made);
    await eventually(() => expect(current.segments.hashes()).toEqual(member.segments.hashes()));
  });

  it('[SW6] what cannot be stored now holds the cursor, and is fetched again when there is room', async () => {
    const clock = new FakeClock();
    const [member, relay] = [new Member(), new Member()];
    member.segments.failing = new AppError('disk-full', 'no room');
    const hash = relay.segments.record(room('page'), 'x');
    await linked(member, relay, { clock });
    await eventually(() => {
      clock.advance(50);
      expect(member.segments.added).toBeGreaterThan(0);
    });
    clock.advance(200);
    expect(await member.memory.load(relay.rooms.hub)).toEqual(new Map());
    member.segments.failing = null;
    await eventually(() => {
      clock.advance(5_000);
      expect(member.segments.hashes()).toEqual([hash]);
    });
  });

  it('[SW3] leaves alone what is older than it keeps', async () => {
    const [member, relay] = [new Member(), new Member()];
    member.segments.keepFrom = 100;
    relay.segments.record(room('page'), 'old', 99);
    const young = relay.segments.record(room('page'), 'young', 100);
    const made = await linked(member, relay);
    await eventually(() => expect(member.segments.hashes()).toEqual([young]));
    expect(fetched(made.pipe())).toEqual([young]);
  });

  it('[SW7] in a ring of three each segment travels to each hub once, and none goes back to who brought it', async () => {
    const [ana, bo, relay] = [new Member(), new Member(), new Member()];
    const made = [await linked(ana, relay), await linked(bo, relay), await linked(ana, bo)];
    for (const { link } of made) await link.settled();
    const recorded: string[] = [];
    for (const [at, member] of [ana, bo, relay].entries()) {
      for (let i = 0; i < 5; i += 1) recorded.push(member.segments.record(room('page'), `${at} ${i}`));
    }
    for (const member of [ana, bo, relay]) {
      await eventually(() => expect(member.segments.hashes()).toEqual([...recorded].sort()));
    }
    for (const { link } of made) await link.settled();
    // Over two links at once a segment may be asked for twice; it never goes round.
    for (const hash of recorded) {
      const times = [ana, bo, relay].reduce((sum, member) => sum + (member.segments.read.get(hash) ?? 0), 0);
      expect(times).toBeLessThanOrEqual(4);
    }
    const chain = [new Member(), new Member()];
    const pair = await linked(chain[0]!, chain[1]!);
    const hash = chain[0]!.segments.record(room('page'), 'once');
    await eventually(() => expect(chain[1]!.segments.hashes()).toEqual([hash]));
    chain[1]!.segments.record(room('page'), 'an answer');
    await eventually(() => expect(chain[0]!.segments.hashes().length).toBe(2));
    const offeredBack = frames(pair.pipe().b).flatMap((frame) => (frame.kind === 'segments' ? frame.entries : []));
    expect(offeredBack.map((entry) => entry.hash)).not.toContain(hash);
  });

  it('[SW8] closes with 4429 when more is asked for or offered than may be, and ignores what was not asked for', async () => {
    const [member, relay] = [new Member(), new Member()];
    const first = await linked(member, relay);
    await first.link.settled();
    const hash = 'ab'.repeat(32);
    first
      .pipe()
      .b.send(encodeLinkFrame({ kind: 'segment', more: false, missing: false, hash, bytes: new Uint8Array(9) }));
    const ask = encodeLinkFrame({
      kind: 'fetchSegments',
      wanted: Array.from({ length: LIMITS.segmentsAsked }, () => ({ space: 'space', number: 1, hash })),
    });
    const codes: number[] = [];
    first.pipe().a.onClose(({ code }) => codes.push(code));
    first.pipe().a.send(ask);
    first.pipe().a.send(ask);
    first.pipe().a.send(ask);
    await eventually(() => expect(codes).toEqual([4429]));
    expect(member.segments.added).toBe(0);

    const [other, flooding] = [new Member(), new Member()];
    const second = await linked(other, flooding);
    await second.link.settled();
    const entries = [{ number: 1, document: 'page', size: 10, endedAt: 1, hash }];
    second.pipe().b.onClose(({ code }) => codes.push(code));
    for (let i = 1; i <= LIMITS.segmentOffers + 1; i += 1) {
      const offer = { kind: 'segments', space: 'space', reset: false, upTo: i, tag: NO_HASH, entries } as const;
      second.pipe().b.send(encodeLinkFrame(offer));
    }
    await eventually(() => expect(codes).toEqual([4429, 4429]));
  });

  /** The entries were judged when the frame went out, its end was sent all the same, and the cursor passed what was never told. */
  it('[SW2] a right to read that ends while a list is made: what was not told is told when it is back', async () => {
    for (const isNewConnection of [false, true]) {
      const [member, relay] = [new Member(), new Member()];
      const hash = relay.segments.record(room('page'), 'theirs');
      const after = relay.segments.segmentsAfter.bind(relay.segments);
      let lists = 0;
      relay.segments.segmentsAfter = (...asked) => {
        lists += 1;
        if (lists === 1) relay.rooms.hide('space');
        return after(...asked);
      };
      const made = await linked(member, relay);
      await eventually(() => expect(lists).toBe(1));
      await made.link.settled();
      expect(member.segments.hashes()).toEqual([]);
      const pipe = isNewConnection ? await again(made) : made.pipe();
      expect(frames(pipe.b).filter((frame) => frame.kind === 'segments')).toEqual([]);
      relay.rooms.hide();
      await eventually(() => expect(member.segments.hashes()).toEqual([hash]));
    }
  });

  it('[SW2] [SW3] a right to read that ends between offer and question voids the cursor: missing is passed over, and was there', async () => {
    const [member, relay] = [new Member(), new Member()];
    const hashes = ['one', 'two', 'three'].map((text) => relay.segments.record(room('page'), text)).sort();
    const after = relay.segments.segmentsAfter.bind(relay.segments);
    relay.segments.segmentsAfter = async (...asked) => {
      const refs = await after(...asked);
      // Behind the offer, before anything is asked for.
      if (refs.length === 3) setImmediate(() => relay.rooms.hide('space'));
      return refs;
    };
    const made = await linked(member, relay);
    await eventually(() => expect(fetched(made.pipe())).toHaveLength(3));
    await made.link.settled();
    expect(frames(made.pipe().b).filter((frame) => frame.kind === 'segment' && !frame.missing)).toEqual([]);
    expect(frames(made.pipe().b).filter((frame) => frame.kind === 'segments' && frame.reset)).toHaveLength(1);
    await eventually(async () => expect((await member.memory.load(relay.rooms.hub)).size).toBe(0));
    relay.segments.segmentsAfter = after;
    relay.rooms.hide();
    await eventually(() => expect(member.segments.hashes()).toEqual(hashes));
    await eventually(async () => expect((await member.memory.load(relay.rooms.hub)).get('space')?.after).toBe(3));
  });

  /** The cursor passed it, and it was never offered again: what was deleted in that session reached nobody. */
  it('[SW6] what its bringer may not write is passed over, and taken once they may: on this connection, or on the next', async () => {
    for (const isNewConnection of [false, true]) {
      const [member, relay] = [new Member(), new Member()];
      relay.rooms.onlyShow('space');
      const hashes = [member.segments.record(room('page'), 'mine')];
      const other = member.segments.record(room('page', 'second'), 'of a space that is mine to write in');
      member.rooms.type(room('page', 'second'), 'text');
      const made = await linked(member, relay);
      await eventually(() => expect(relay.segments.hashes()).toEqual([other]));
      // Neither does it hold up what comes behind it.
      hashes.push(member.segments.record(room('page'), 'mine as well'));
      const place = async () => (await relay.memory.load(member.rooms.hub)).get('space');
      await eventually(async () => expect(await place()).toMatchObject({ after: 2, denied: true }));
      if (isNewConnection) {
        made.reachable = false;
        made.pipe().cut();
        made.reachable = true;
      }
      relay.rooms.onlyShow();
      if (isNewConnection) made.link.retryNow();
      await eventually(() => expect(relay.segments.hashes()).toEqual([...hashes, other].sort()));
      await eventually(async () => expect(await place()).toMatchObject({ after: 2, denied: false }));
    }
  });

  it('[SW6] who never may costs nothing: no question, no offer again, however often they come and rights change', async () => {
    const [member, relay] = [new Member(), new Member()];
    relay.rooms.onlyShow('space');
    for (let i = 0; i < 20; i += 1) member.segments.record(room('page'), `session ${i}`);
    const made = await linked(member, relay);
    await eventually(async () => {
      expect((await relay.memory.load(member.rooms.hub)).get('space')).toMatchObject({ after: 20, denied: true });
    });
    for (let i = 0; i < 3; i += 1) {
      const pipe = await again(made);
      await made.link.settled();
      for (let times = 0; times < 10; times += 1) relay.rooms.onlyShow('space');
      await made.link.settled();
      const sent = [...frames(pipe.a), ...frames(pipe.b)];
      expect(sent.filter(({ kind }) => kind === 'segments' || kind === 'fetchSegments')).toEqual([]);
      expect(frames(pipe.b).filter(({ kind }) => kind === 'followSegments')).toHaveLength(1);
    }
  });

  it('[SW6] what is here already, and what is nobody’s, is not waited for', async () => {
    const [member, relay] = [new Member(), new Member()];
    member.segments.record(room('page'), 'both have it');
    relay.segments.record(room('page'), 'both have it');
    member.segments.record(room('gone', 'second'), 'purged');
    member.rooms.type(room('page', 'second'), 'text');
    relay.rooms.purged.add(room('gone', 'second'));
    relay.rooms.onlyShow('space');
    await linked(member, relay);
    await eventually(async () => {
      const places = await relay.memory.load(member.rooms.hub);
      expect([places.get('space'), places.get('second')]).toMatchObject([{ after: 1 }, { after: 1 }]);
      expect([...places.values()].some(({ denied }) => denied)).toBe(false);
    });
  });

  it('[SW6] a right to write that ends while a segment comes: it is not taken, and it is when the right is back', async () => {
    const [member, relay] = [new Member(), new Member()];
    const hash = member.segments.record(room('page'), 'mine');
    const read = member.segments.readSegment.bind(member.segments);
    member.segments.readSegment = (...asked) => {
      relay.rooms.onlyShow('space');
      return read(...asked);
    };
    const made = await linked(member, relay);
    await eventually(() => expect(fetched(made.pipe())).toEqual([hash]));
    await eventually(async () => {
      expect((await relay.memory.load(member.rooms.hub)).get('space')).toMatchObject({ after: 1, denied: true });
    });
    expect(relay.segments.added).toBe(0);
    member.segments.readSegment = read;
    relay.rooms.onlyShow();
    await eventually(() => expect(relay.segments.hashes()).toEqual([hash]));
  });

  it('[SW6] a right that comes back while the rest of an offer is still under way is not missed', async () => {
    const [member, relay] = [new Member(), new Member()];
    relay.rooms.onlyShow('space');
    const hashes = ['one', 'two'].map((text) => member.segments.record(room('page'), text));
    const wants = relay.segments.wantsSegment.bind(relay.segments);
    let looked = 0;
    relay.segments.wantsSegment = async (ref) => {
      looked += 1;
      // The first was judged; the second is judged by the right that is there now.
      if (looked === 2) relay.rooms.onlyShow();
      return wants(ref);
    };
    await linked(member, relay);
    await eventually(() => expect(relay.segments.hashes()).toEqual([...hashes].sort()));
  });

  /** A host lists a space that it lost, so that what waits there is shown; its history is for nobody until it is back. */
  it('[SW2] a space that is listed and whose history may not be heard is not offered past what it has', async () => {
    const [member, relay] = [new Member(), new Member()];
    let isLost = true;
    const may = member.rooms.mayIn.bind(member.rooms);
    member.rooms.mayIn = (right, ...of) => (right !== 'history' || !isLost) && may(right, ...of);
    const hash = member.segments.record(room('page'), 'mine');
    const made = await linked(member, relay);
    await made.link.settled();
    expect(frames(made.pipe().a).filter((frame) => frame.kind === 'segments')).toEqual([]);
    isLost = false;
    member.rooms.hide();
    await eventually(() => expect(relay.segments.hashes()).toEqual([hash]));
  });

  it('[SW1] with an end that keeps no history nothing is offered, and text goes on', async () => {
    for (const without of ['history', 'acceptHistory'] as const) {
      const [member, relay] = [new Member(), new Member()];
      member.segments.record(room('page'), 'mine');
      relay.segments.record(room('page'), 'theirs');
      const made = await linked(member, relay, { [without]: without === 'history' ? null : () => null });
      await made.link.settled();
      const all = [...frames(made.pipe().a), ...frames(made.pipe().b)];
      expect(all.filter((frame) => frame.kind === 'segments' || frame.kind === 'segment')).toEqual([]);
      expect(made.link.status.state).toBe('online');
    }
  });

  it('[SW6] leaves no timer and no listener behind', async () => {
    const clock = new FakeClock();
    const [member, relay] = [new Member(), new Member()];
    relay.segments.record(room('page'), 'x');
    const made = await linked(member, relay, { clock, acceptClock: clock });
    await eventually(() => {
      clock.advance(20);
      expect(member.segments.hashes().length).toBe(1);
    });
    await made.link.close();
    await eventually(() => expect(clock.pending).toBe(0));
    relay.segments.record(room('page'), 'y');
    member.segments.record(room('page'), 'z');
    expect(clock.pending).toBe(0);
  });
});
