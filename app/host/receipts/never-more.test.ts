// No receipt says more than was on the receiver's disk when it was last heard of: random edits, losses, crashes and words that come late, against a model.
import { expect, test } from 'vitest';
import type { ReceiptFacts } from '../../../shared/link/hub-receipt.ts';
import { edited, holdersOfSittings, missed, NO_ROW, published, receipted, unreceipted } from './receipt-row.ts';

const RUNS = 300;
const STEPS = 120;
const DEVICES = ['ana', 'bo'] as const;

/** What somebody has: up to which of my changes, as which number of the relay's. */
interface Has {
  readonly number: number;
  readonly mine: number;
  /** Of the relay: numbers of another life mean nothing, whatever they are. */
  readonly life: number;
}
const NOTHING: Has = { number: 0, mine: 0, life: 0 };

function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function run(seed: number): void {
  const pick = random(seed);
  const edits: { readonly number: number; readonly at: number }[] = [];
  let [row, saved, noted] = [NO_ROW, NO_ROW, 0];
  let [now, turn, mine, lives] = [0, 0, 0, 0];
  let relay = NOTHING;
  let backup = NOTHING;
  let lost = false;
  // What I was told, which is of an earlier moment.
  let acknowledged = NOTHING;
  const disk = new Map<string, Has>(DEVICES.map((device) => [device, NOTHING]));
  const stated = new Map<string, Has>();
  const told = new Map<string, Has>();

  const facts = (): ReceiptFacts => ({
    hub: 'relay',
    turn,
    holders: [...told].map(([device, { number }]) => ({ device, number, at: now, lacks: [] })),
  });
  const learn = (): void => {
    for (const number of unreceipted(row, facts())) {
      if (number > acknowledged.mine) continue;
      row = receipted(row, number, { hub: 'relay', turn, number: acknowledged.number }, now);
    }
    row = published(row, facts(), 'page', now);
  };
  const steps: (() => void)[] = [
    () => {
      now += pick(4) === 0 ? 16 * 60_000 : 1_000;
      edits.push({ number: ++mine, at: now });
      row = edited(row, mine, now);
      noted = mine;
    },
    // Handed over and stored; or somebody else's change.
    () => (relay = { ...relay, number: relay.number + 1, mine: pick(2) === 0 ? mine : relay.mine }),
    () => (backup = relay),
    () => {
      const old = pick(2) === 0 ? backup : NOTHING;
      for (const [device, has] of stated)
        if (has.life !== old.life || has.number > old.number) stated.delete(device);
        else stated.set(device, { ...has, life: lives + 1 });
      [relay, lost] = [{ ...old, life: ++lives }, true];
      backup = relay;
    },
    // Linked: a relay that lost something says so first, then acknowledges, then tells of others.
    () => {
      if (lost) {
        [turn, lost, acknowledged] = [turn + 1, false, NOTHING];
        told.clear();
      }
      if (pick(2) === 0) acknowledged = relay;
      if (pick(2) === 0) {
        told.clear();
        for (const [device, has] of stated) told.set(device, has);
      }
      learn();
    },
    () => disk.set(DEVICES[pick(2)]!, relay),
    () => {
      const device = DEVICES[pick(2)]!;
      const has = disk.get(device)!;
      // Of another life of the relay: its cursor does not hold there.
      stated.set(device, has.life === relay.life ? has : NOTHING);
    },
    () => disk.set(DEVICES[pick(2)]!, NOTHING),
    () => (saved = row),
    // The program ends in the middle, and finds what was not noted.
    () => {
      row = saved;
      if (row.sittings.length > 0 && mine >= noted) row = missed(row, mine);
    },
  ];
  for (let step = 0; step < STEPS; step += 1) {
    steps[pick(steps.length)]!();
    const sittings = holdersOfSittings(row, facts(), 'page');
    for (const [index, { from, relay: there, devices }] of sittings.entries()) {
      const before = sittings[index - 1]?.from ?? Infinity;
      const own = edits.filter(({ at }) => at >= from && at < before);
      const needs = ({ upTo, all }: { upTo: number; all: boolean }): number =>
        Math.max(0, ...own.filter(({ at }) => all || at <= upTo).map(({ number }) => number));
      const said = `seed ${seed}, step ${step}`;
      if (there) expect(acknowledged.mine, said).toBeGreaterThanOrEqual(needs(there));
      for (const one of devices) expect(told.get(one.device)!.mine, said).toBeGreaterThanOrEqual(needs(one));
    }
  }
}

test(`[RC4] [D2] ${RUNS} random lives: what is said to be held was stored there when that was last heard of`, () => {
  for (let seed = 1; seed <= RUNS; seed += 1) run(seed);
});
