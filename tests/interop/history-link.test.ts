// History between real hubs on LevelDB: a member who joins later rebuilds what was before, over a relay, through cuts and a wiped relay.
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { systemClock } from '../../shared/base/clock.ts';
import { Emitter } from '../../shared/base/emitter.ts';
import { silentLogger } from '../../shared/base/logger.ts';
import type { AccessPolicy } from '../../shared/hub/access-policy.ts';
import { History } from '../../shared/hub/history/history.ts';
import { Hub } from '../../shared/hub/hub.ts';
import { StoredLinkMemory } from '../../shared/hub/link-memory.ts';
import { StoredSegmentMemory } from '../../shared/hub/segment-memory.ts';
import { LevelDocStore } from '../../shared/node/level-doc-store.ts';
import { repairStore } from '../../shared/node/store-repair.ts';
import { loseRow } from '../support/damage.ts';
import { eventually } from '../support/eventually.ts';
import { linkHubs, type Linked } from '../support/linked-hubs.ts';
import { temporaryFolder } from '../support/temp-folder.ts';
import { testSigner } from '../support/test-signer.ts';

const W = 'workspace';
const PAGE = `${W}/space/page`;
/** In the place of a word: all that stands there is deleted. */
const DELETE = '';
const FOR_EVER = { days: 0, bytes: 0 };

const running = new Set<Station>();
const links: Linked[] = [];
afterEach(async () => {
  await Promise.all(links.splice(0).map(({ link }) => link.close()));
  await Promise.all([...running].map((station) => station.stop()));
});

/** A hub with its history in a folder. */
class Station {
  readonly store: LevelDocStore;
  readonly history: History;
  readonly hub: Hub;
  readonly #rights = new Emitter<void>();
  #linksWrite = true;

  private constructor(store: LevelDocStore, history: History) {
    this.store = store;
    this.history = history;
    const access: AccessPolicy = {
      allows: ({ device }, operation) => operation !== 'write' || device !== null || this.#linksWrite,
      onChange: this.#rights.event,
    };
    this.hub = new Hub({ store, access, clock: systemClock, logger: silentLogger, recorder: history.recorder });
  }

  static async start(directory?: string): Promise<Station> {
    const store = await LevelDocStore.open({ directory: directory ?? join(await temporaryFolder(), 'store') });
    const parts = { store, signer: await testSigner(), clock: systemClock, logger: silentLogger };
    const station = new Station(store, new History({ ...parts, retention: FOR_EVER }));
    running.add(station);
    return station;
  }

  /** Whether who is linked may write here, or read alone. */
  set linksWrite(may: boolean) {
    this.#linksWrite = may;
    this.#rights.fire();
  }

  async stop(): Promise<void> {
    running.delete(this);
    await this.hub.close();
    await this.history.close();
    await this.store.close();
  }

  /** One editing session of a window: each word an update; its end makes it a segment. */
  async session(words: readonly string[], room = PAGE): Promise<void> {
    const opened = await this.hub.open(room, { device: 'device', member: 'member' });
    if (opened.kind === 'refused') throw new Error(opened.reason);
    const doc = new Y.Doc();
    Y.applyUpdate(doc, opened.room.diff(Uint8Array.of(0)), 'hub');
    const done: Promise<unknown>[] = [];
    const origin = {};
    doc.on('update', (update: Uint8Array) => done.push(opened.room.apply(update, origin, 'socket')));
    const body = doc.getText('body');
    for (const word of words) {
      if (word === DELETE) body.delete(0, body.length);
      else body.insert(body.length, word);
    }
    await Promise.all(done);
    opened.room.dispose();
  }

  async hashes(space = 'space'): Promise<string[]> {
    return (await this.history.segmentsAfter(W, space, 0, 10_000)).map(({ hash }) => hash).sort();
  }

  link(to: () => Station): Linked {
    const made = linkHubs(this.hub, () => to().hub, {
      workspace: W,
      memory: new StoredLinkMemory(this.store.values, W),
      history: { segments: this.history, memory: new StoredSegmentMemory(this.store.values, W) },
      acceptHistory: () => ({
        segments: to().history,
        memory: new StoredSegmentMemory(to().store.values, W),
      }),
    });
    links.push(made);
    return made;
  }
}

async function textAt(station: Station, time: number): Promise<string> {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, (await station.history.stateAt(PAGE, time)).update);
  return doc.getText('body').toJSON();
}

describe('[SW] history between real hubs', () => {
  it('[SW1] [SW6] who joins later has the sessions from before, and rebuilds the page as it was then', async () => {
    const [ana, relay] = [await Station.start(), await Station.start()];
    const a = ana.link(() => relay);
    await a.link.start();
    await ana.session(['one ', 'two ']);
    await eventually(async () => expect((await ana.hashes()).length).toBe(1));
    const between = (await ana.history.segmentsAfter(W, 'space', 0, 1))[0]!.endedAt;
    await eventually(() => expect(Date.now()).toBeGreaterThan(between));
    await ana.session(['three ']);
    await eventually(async () => expect((await relay.hashes()).length).toBe(2));
    await a.link.close();

    const bo = await Station.start();
    const b = bo.link(() => relay);
    await b.link.start();
    await eventually(async () => expect(await bo.hashes()).toEqual(await ana.hashes()));
    await b.link.settled();
    expect(await textAt(bo, between)).toBe('one two ');
    expect(await textAt(bo, Date.now())).toBe('one two three ');
  });

  it('[SW6] [D10] connections cut again and again, and a relay that was wiped: all hubs have all of it in the end', async () => {
    const [ana, bo] = [await Station.start(), await Station.start()];
    let relay = await Station.start();
    const both = [ana.link(() => relay), bo.link(() => relay)];
    for (const { link } of both) await link.start();
    for (let i = 0; i < 12; i += 1) {
      const who = i % 2 === 0 ? ana : bo;
      await who.session([`${i} `, 'x'.repeat(20_000)], `${W}/space/page${i % 3}`);
      // In the middle of whatever is under way.
      both[i % 2]!.pipe().cut();
    }
    const hashesOf = async (): Promise<string[][]> => [await ana.hashes(), await bo.hashes(), await relay.hashes()];
    const even = async (): Promise<void> => {
      const [first, second, third] = await hashesOf();
      expect(first!.length).toBe(12);
      expect([second, third]).toEqual([first, first]);
    };
    await eventually(even);
    const old = relay;
    relay = await Station.start();
    for (const made of both) made.pipe().cut();
    await eventually(even);
    await old.stop();
    for (const { link } of both) await link.settled();
  });

  it('[SW6] [UP5] [SG12] a relay that was repaired gets lost sessions again, and none that its bound had removed', async () => {
    const ana = await Station.start();
    let relay = await Station.start();
    const { directory } = relay.store;
    const { link, pipe } = ana.link(() => relay);
    await link.start();
    for (const [at, word] of ['one ', 'two ', 'three '].entries()) {
      await ana.session([word]);
      await eventually(async () => expect((await relay.hashes()).length).toBe(at + 1));
    }
    const [removed, ...kept] = await relay.store.segments.after(W, 'space', 0, 9);
    await relay.store.segments.remove([removed!]);
    await relay.stop();
    await loseRow(directory, `g!${PAGE}!${kept[0]!.hash}`);
    const { history } = await repairStore(directory, new Date());
    expect(history).toEqual({ rooms: [{ room: PAGE, segments: 1 }], unknown: [], unbounded: [] });
    relay = await Station.start(directory);
    expect(await relay.hashes()).toEqual([kept[1]!.hash]);
    pipe().cut();
    await eventually(async () => expect((await relay.hashes()).length).toBeGreaterThan(1));
    await link.settled();
    expect(await relay.hashes()).toEqual(kept.map(({ hash }) => hash).sort());
  });

  /** The text waited and went out; their session was "not wanted" by then, and the words that they deleted in it reached nobody. */
  it('[SW6] who is a viewer when they come back and a writer again later: their session is there, with what they deleted in it', async () => {
    const [ana, relay] = [await Station.start(), await Station.start()];
    await ana.session(['thought better of ', DELETE, 'said']);
    await eventually(async () => expect((await ana.hashes()).length).toBe(1));
    relay.linksWrite = false;
    const a = ana.link(() => relay);
    await a.link.start();
    await a.link.settled();
    const memory = new StoredSegmentMemory(relay.store.values, W);
    await eventually(async () => {
      expect((await memory.load(ana.hub.hub)).get('space')).toMatchObject({ after: 1, denied: true });
    });
    expect([a.link.waiting, await relay.hashes()]).toEqual([1, []]);
    relay.linksWrite = true;
    a.link.rightsChanged();
    await eventually(async () => expect(await relay.hashes()).toEqual(await ana.hashes()));
    await eventually(() => expect(a.link.waiting).toBe(0));
    const [hash] = await relay.hashes();
    const typed = (await relay.history.readUpdates(W, hash!))!.map((update) => Buffer.from(update).toString('latin1'));
    expect(typed.join('')).toContain('thought better of');
    expect(await textAt(relay, Date.now())).toBe('said');
  });
});
