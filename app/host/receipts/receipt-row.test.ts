// Receipts by sitting as plain values: what is claimed, up to where, and what makes it void.
import { expect, test } from 'vitest';
import type { ReceiptFacts } from '../../../shared/link/hub-receipt.ts';
import {
  edited,
  holdersOfSittings,
  missed,
  NO_ROW,
  published,
  receipted,
  unreceipted,
  type ReceiptRow,
} from './receipt-row.ts';

const MINUTE = 60_000;
const PAGE = 'page';

/** The relay in its `turn`, with devices that hold its changes up to these numbers. */
function facts(holders: Readonly<Record<string, number>>, turn = 0, lacks: readonly string[] = []): ReceiptFacts {
  return {
    hub: 'relay',
    turn,
    holders: Object.entries(holders).map(([device, number]) => ({ device, number, at: 0, lacks })),
  };
}

/** All that waits is acknowledged as the relay's change `there`. */
function acknowledged(row: ReceiptRow, there: number, at: number, known: ReceiptFacts): ReceiptRow {
  let now = row;
  const { hub, turn } = known;
  for (const number of unreceipted(row, known)) now = receipted(now, number, { hub, turn, number: there }, at);
  return published(now, known, PAGE, at);
}

function told(row: ReceiptRow, known: ReceiptFacts): string {
  return holdersOfSittings(row, known, PAGE)
    .map(({ from, to, relay, devices }) => {
      const say = (upTo: number, all: boolean, at: number): string => `${all ? 'all' : upTo} since ${at}`;
      const others = devices.map(({ device, upTo, all, at }) => `, ${device}: ${say(upTo, all, at)}`);
      return `${from}-${to}: ${relay ? say(relay.upTo, relay.all, relay.at) : 'nobody'}${others.sort().join('')}`;
    })
    .join(' | ');
}

test('[RC1] [D2] a pause begins another sitting; each is held by whoever holds its last change, whatever was written after it', () => {
  let row = edited(edited(NO_ROW, 1, 0), 2, 10);
  const both = facts({ ana: 7, bo: 6 });
  expect(told(row, both)).toBe('0-10: nobody');
  row = acknowledged(row, 7, 11, both);
  expect(told(row, both)).toBe('0-10: all since 11, ana: all since 11');
  row = edited(row, 3, 20 * MINUTE);
  expect(told(row, both)).toBe(`${20 * MINUTE}-${20 * MINUTE}: nobody | 0-10: all since 11, ana: all since 11`);
});

test('[RC1] [RC4] within a sitting it is said up to where somebody holds it, and who was away keeps what they had', () => {
  const first = facts({ ana: 1, bo: 1 });
  let row = acknowledged(edited(NO_ROW, 1, 0), 1, 5, first);
  row = edited(row, 2, 100);
  expect(told(row, first)).toBe('0-100: 0 since 5, ana: 0 since 5, bo: 0 since 5');
  const later = facts({ ana: 2, bo: 1 });
  row = acknowledged(row, 2, 105, later);
  row = acknowledged(edited(row, 3, 200), 3, 205, facts({ ana: 3, bo: 1 }));
  // What lies between says nothing more: everybody who holds it holds more, or less.
  expect(row.sittings[0]!.points.map(({ to }) => to)).toEqual([0, 200]);
  const newest = facts({ ana: 3, bo: 1 });
  expect(told(row, newest)).toBe('0-200: all since 205, ana: all since 205, bo: 0 since 5');
  row = published(row, facts({ ana: 3, bo: 3 }), PAGE, 900);
  expect(told(row, facts({ ana: 3, bo: 3 }))).toBe('0-200: all since 205, ana: all since 205, bo: all since 900');
});

test('[RC2] what an earlier run did not note is in nobody’s hands until a receipt says so', () => {
  const known = facts({ ana: 9 });
  const row = missed(acknowledged(edited(NO_ROW, 1, 0), 1, 5, known), 2);
  expect(told(row, known)).toBe('0-0: 0 since 5, ana: 0 since 5');
  expect(unreceipted(row, known)).toEqual([2]);
  expect(missed(NO_ROW, 2)).toEqual(NO_ROW);
});

test('[RC4] void: a relay that lost what it had, another relay, a device that holds less than it did or lacks the document', () => {
  const known = facts({ ana: 3, bo: 3 });
  const row = acknowledged(edited(NO_ROW, 1, 0), 3, 5, known);
  expect(told(row, known)).toBe('0-0: all since 5, ana: all since 5, bo: all since 5');
  expect(told(row, facts({ ana: 3, bo: 3 }, 1))).toBe('0-0: nobody');
  expect(told(row, { ...known, hub: 'other' })).toBe('0-0: nobody');
  expect(told(row, { ...known, hub: '' })).toBe('0-0: nobody');
  expect(told(row, facts({ ana: 3, bo: 2 }))).toBe('0-0: all since 5, ana: all since 5');
  expect(told(row, facts({ ana: 3 }, 0, [PAGE]))).toBe('0-0: all since 5');
  // A relay that counts anew does not bring old receipts back by coming to the same numbers.
  const lost = published(row, facts({ ana: 9, bo: 9 }, 1), PAGE, 6);
  expect(told(lost, facts({ ana: 9, bo: 9 }, 1))).toBe('0-0: nobody');
  expect(told(lost, known)).toBe('0-0: nobody');
  // A device that came back to it holds it since then.
  const back = published(published(row, facts({ bo: 2 }), PAGE, 7), facts({ bo: 3 }), PAGE, 8);
  expect(told(back, facts({ bo: 3 }))).toBe('0-0: all since 5, bo: all since 8');
});
