// What holds for every attack on a relay: it lives, its memory comes back, and two honest clients go on all the while.
import { expect, onTestFinished } from 'vitest';
import { temporaryFolder } from '../../support/temp-folder.ts';
import { HonestPair } from './honest.ts';
import type { Programs, Victim } from './victim.ts';

const ROOM = 'team/space/page';
const MiB = 1024 * 1024;
/** What an attack may leave behind: caches, compiled code, a heap that has grown. A leak of what was sent is far more. */
const LEFT_BEHIND = 60 * MiB;

export type RelayAttack = (relay: Victim, pair: HonestPair) => Promise<void>;

/** Runs the attack on a relay process of its own beside an honest pair. */
export async function relaySurvives(
  programs: Programs,
  attack: RelayAttack,
  settings: Readonly<Record<string, string>> = {},
): Promise<void> {
  const relay = await programs.startRelay(await temporaryFolder(), settings);
  onTestFinished(async () => void (await relay.end()));
  const pair = await HonestPair.join(relay.url.origin.replace('http', 'ws'), ROOM);
  await pair.talk();
  const before = await relay.memory();
  await attack(relay, pair);
  await pair.talk();
  let after = await relay.memory();
  const end = Date.now() + 20_000;
  while (after > before + LEFT_BEHIND && Date.now() < end) after = await relay.memory();
  expect(after - before).toBeLessThan(LEFT_BEHIND);
  expect(relay.alive).toBe(true);
  pair.ana.destroy();
  pair.bo.destroy();
  expect(await relay.end()).toBe(0);
}
