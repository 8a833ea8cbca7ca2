// Plays one scenario to its end and judges it: all equal, nothing pending, nothing lost or doubled, nothing left to say.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import * as Y from 'yjs';
import { AppError } from '../../shared/base/app-error.ts';
import { framesIn } from '../support/sent-frames.ts';
import { shown, storedText } from './convergence-documents.ts';
import { levelStore, memoryStore } from './convergence-host.ts';
import { DOCUMENTS, scenario, type Scenario } from './convergence-scenario.ts';
import { World } from './convergence-world.ts';
import { seedIds } from './seeded.ts';
import type { PageLeave } from './stored-page.ts';
import { hashOf, storedDocument } from './stored-state.ts';

export interface Outcome {
  /** Messages and bytes of the second sync, over all links. */
  readonly messages: number;
  readonly bytes: number;
  /** What the scenario came across. */
  readonly happened: World['happened'];
  readonly log: readonly string[];
}

/** Throws, with what was done, when the promises do not hold. */
export async function playScenario(given: Scenario): Promise<Outcome> {
  const restore = seedIds(given.ids);
  const folder = given.store === 'level' ? await mkdtemp(join(tmpdir(), 'caravan-convergence-')) : null;
  const world = await World.begin(given, (name) => (folder ? levelStore(join(folder, name)) : memoryStore()));
  try {
    await world.play();
    await world.settle();
    const leave = { loose: world.book.loose, doubled: given.undo === 'all' };
    for (const document of DOCUMENTS) await judge(world, document, leave);
    const said = await judgeSilence(world, given.peers === true);
    if (given.peers) await judgeCost(world);
    return { ...said, happened: world.happened, log: world.log };
  } catch (error) {
    const details = error instanceof AppError ? JSON.stringify(error.details) : '';
    const cause = `${error instanceof Error ? error.message : String(error)} ${details}`;
    throw new Error(`${cause}\nafter ${String(world.log.length)} steps:\n  ${world.log.join('\n  ')}`, {
      cause: error,
    });
  } finally {
    await world.end();
    if (folder) await rm(folder, { recursive: true, force: true });
    restore();
  }
}

/** The scenario of a seed; a failure is shrunk to as few steps as still fail, and says the seed. */
export async function playSeed(seed: number, of: fc.Arbitrary<Scenario> = scenario): Promise<Outcome> {
  let outcome: Outcome | null = null;
  await fc.assert(
    fc.asyncProperty(of, async (given) => {
      outcome = await playScenario(given);
    }),
    { seed, numRuns: 1, includeErrorInReport: true, interruptAfterTimeLimit: 60_000 },
  );
  if (!outcome) throw new Error('the time was over before the scenario was');
  return outcome;
}

async function judge(world: World, { room, kind }: (typeof DOCUMENTS)[number], leave: PageLeave): Promise<void> {
  const docs: Y.Doc[] = [];
  for (const { hub } of world.programs) docs.push(await world.time.drive(storedDocument(hub, room)));
  const [first, ...others] = docs as [Y.Doc, ...Y.Doc[]];
  for (const doc of docs) {
    if (doc.store.pendingStructs || doc.store.pendingDs)
      throw new Error(`${room}: something waits for what is missing`);
  }
  const content = shown(kind, first, leave);
  for (const other of others) {
    if (!isDeepStrictEqual(Y.encodeStateVector(other), Y.encodeStateVector(first))) {
      throw new Error(`${room}: the state vectors differ`);
    }
    const there = shown(kind, other, leave);
    if (!isDeepStrictEqual(there, content)) {
      throw new Error(`${room} differs:\n${JSON.stringify(content)}\n${JSON.stringify(there)}`);
    }
    if (hashOf(other) !== hashOf(first)) throw new Error(`${room}: the hashes of the states differ`);
  }
  const faults = world.book.judge(room, storedText(kind, first));
  if (faults.length > 0) throw new Error(`${room}: ${faults.join(', ')}\n${JSON.stringify(content)}`);
  for (const window of world.windows) {
    if (window.room !== room) continue;
    window.check();
    if (!window.shows(first)) throw new Error(`${room}: a window shows something else`);
  }
}

/** Everything was said: new connections compare what they remember and open no room. */
async function judgeSilence(world: World, peers: boolean): Promise<Pick<Outcome, 'messages' | 'bytes'>> {
  // Between peers a room waits for as long as it is left to the relay that both have.
  for (const link of peers ? world.linksToRelay : world.links) {
    if (link.outbox().length > 0 || link.fetching > 0) throw new Error('something waits in an outbox');
  }
  const sent = await world.again();
  const kinds = framesIn(sent).map(({ kind }) => kind);
  const greetings = kinds.filter((kind) => kind === 'hello').length;
  if (greetings !== 2 * world.links.length) throw new Error(`${greetings} greetings on ${world.links.length} links`);
  if (kinds.some((kind) => kind === 'open' || kind === 'data')) {
    throw new Error(`a second sync sent ${kinds.join(', ')}`);
  }
  return { messages: sent.length, bytes: sent.reduce((sum, bytes) => sum + bytes.length, 0) };
}

/** What the sync issue counts: with a relay in common an edit goes to it and from it, and nowhere else; without one it goes once. */
async function judgeCost(world: World): Promise<void> {
  const { room } = DOCUMENTS[0];
  for (const at of [0, 1]) {
    const { relay, between } = await world.cost(room, at);
    // One more: the relay's answer to the writer's question is the set of deletions that both have.
    if (between > 0 || relay > 3)
      throw new Error(`an edit took ${relay} messages by the relay and ${between} beside it`);
  }
  await world.withoutRelay();
  const { between } = await world.cost(room, 0);
  const waits = world.linksBetween.some((link) => link.outbox().length > 0 || link.fetching > 0);
  if (waits) throw new Error('something waits between the two though no relay is there');
  if (between > 2) throw new Error(`without the relay an edit took ${between} messages`);
}
