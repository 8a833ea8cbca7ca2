// What holds for every attack on a relay: it lives, its memory comes back, its prototypes are untouched, and honest clients go on all the while, in less than a second a word.
import { expect, onTestFinished } from 'vitest';
import { temporaryFolder } from '../../support/temp-folder.ts';
import { HonestPair, SteadyPair, type Word } from './honest.ts';
import type { Programs, Victim } from './victim.ts';

const ROOM = 'team/space/page';
const MiB = 1024 * 1024;
/** What an attack may leave behind: caches, compiled code, a heap that has grown. A leak of what was sent is far more. */
const LEFT_BEHIND = 60 * MiB;

/** Milliseconds from typed to shown at the other, whatever somebody else does. Held to it where the machine is calm enough to tell. */
const PROMISED = 1_000;
const LONG = process.env['CARAVAN_LONG'] === '1';

export type RelayAttack = (relay: Victim, pair: HonestPair) => Promise<void>;

/** Runs the attack on a relay process of its own beside an honest pair. */
export async function relaySurvives(
  programs: Programs,
  attack: RelayAttack,
  settings: Readonly<Record<string, string>> = {},
): Promise<void> {
  const relay = await programs.startRelay(await temporaryFolder(), settings);
  await survivesBeside({ room: ROOM, protocols: [] }, relay, attack);
}

/** Where the honest pair writes, and what it offers to be let in. */
export interface Seat {
  readonly room: string;
  readonly protocols: readonly string[];
}

/** The same for a relay that runs; it is ended. */
export async function survivesBeside({ room, protocols }: Seat, relay: Victim, attack: RelayAttack): Promise<void> {
  onTestFinished(async () => void (await relay.end()));
  const url = relay.url.origin.replace('http', 'ws');
  const pair = await HonestPair.join(url, room, protocols);
  await pair.talk();
  const steady = await SteadyPair.start({ url, pid: relay.pid }, room, protocols);
  const before = await relay.memory();
  steady.begin();
  await attack(relay, pair);
  await pair.talk();
  const words = await steady.words();
  await steady.end();
  const { longest, changed } = await relay.state();
  expect(changed).toEqual([]);
  isQuick(words, longest);
  let after = await relay.memory();
  const end = Date.now() + 20_000;
  while (after > before + LEFT_BEHIND && Date.now() < end) after = await relay.memory();
  expect(after - before).toBeLessThan(LEFT_BEHIND);
  expect(relay.alive).toBe(true);
  pair.ana.destroy();
  pair.bo.destroy();
  expect(await relay.end()).toBe(0);
}

function isQuick(words: readonly Word[], longestTurn: number): void {
  // What the threads waited for a processor is the machine's, and not the relay's doing.
  const took = words.map((word) => Math.max(0, word.took - word.waited)).sort((a, b) => a - b);
  expect(took.length).toBeGreaterThan(0);
  const [middle = NaN, worst = NaN] = [took[took.length >> 1], took.at(-1)];
  const ms = (time: number): string => `${Math.round(time)} ms`;
  process.stdout.write(
    `${expect.getState().currentTestName}: ${took.length} words, p50 ${ms(middle)}, worst ${ms(worst)}; longest turn ${ms(longestTurn)}\n`,
  );
  if (LONG) expect(worst).toBeLessThan(PROMISED);
}
