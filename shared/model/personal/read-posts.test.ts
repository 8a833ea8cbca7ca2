// What a member has read: on several devices, out of order, "unread from here", and whatever stands there.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { readPostsOf } from '../document/roots.ts';
import { readDrafts, writeDraft } from './drafts.ts';
import { levelOf, readLevel, setLevel } from './levels.ts';
import { createPersonal } from './personal.ts';
import { markPostsRead, markUnreadBut, readAllReadPosts, readReadPosts } from './read-posts.ts';

const place = (device: string, thread = 'doppler'): { device: string; thread: string } => ({ device, thread });
const posts = (device: string, ...numbers: number[]): { device: string; number: number }[] =>
  numbers.map((number) => ({ device, number }));

function personal(): Y.Doc {
  const doc = new Y.Doc();
  createPersonal(doc, { createdBy: 'ana', createdAt: 1 });
  return doc;
}
function meet(a: Y.Doc, b: Y.Doc): void {
  Y.applyUpdate(a, Y.encodeStateAsUpdate(b));
  Y.applyUpdate(b, Y.encodeStateAsUpdate(a));
}
const unreadOf = (doc: Y.Doc, device: string, count: number): number[] =>
  Array.from({ length: count }, (_, at) => at + 1).filter(
    (number) => !readReadPosts(doc, 'doppler').has({ device, number }),
  );

describe('posts that were read', () => {
  it('[PS6][T3] what any of my devices has read counts on all, and reading it again writes nothing', () => {
    const phone = personal();
    const laptop = personal();
    markPostsRead(phone, place('phone'), posts('bo-laptop', 1, 2));
    markPostsRead(laptop, place('laptop'), posts('bo-laptop', 3));
    meet(phone, laptop);
    expect(unreadOf(phone, 'bo-laptop', 5)).toEqual([4, 5]);
    const before = Y.encodeStateVector(phone);
    markPostsRead(phone, place('phone'), posts('bo-laptop', 1, 2, 3));
    expect(Y.encodeStateVector(phone)).toEqual(before);
  });

  it('[PS6][T6] a post that arrives late is unread, although it is older than what was read', () => {
    const doc = personal();
    markPostsRead(doc, place('phone'), posts('bo-laptop', 1, 2, 4));
    expect(unreadOf(doc, 'bo-laptop', 4)).toEqual([3]);
    expect(readReadPosts(doc, 'doppler').has({ device: 'cy-phone', number: 1 })).toBe(false);
  });

  it('[PS6][T3] "unread from here" wins over what the other device said before, and reading goes on from there', () => {
    const phone = personal();
    const laptop = personal();
    markPostsRead(phone, place('phone'), posts('bo-laptop', 1, 2, 3));
    meet(phone, laptop);
    markUnreadBut(phone, place('phone'), posts('bo-laptop', 1));
    markPostsRead(laptop, place('laptop'), posts('bo-laptop', 4));
    meet(phone, laptop);
    expect(unreadOf(laptop, 'bo-laptop', 4)).toEqual([2, 3, 4]);
    markPostsRead(laptop, place('laptop'), posts('bo-laptop', 2));
    meet(phone, laptop);
    expect(unreadOf(phone, 'bo-laptop', 4)).toEqual([3, 4]);
  });

  it('[PS6][T4] a post without a number is never unread, so that no badge stays for ever', () => {
    expect(readReadPosts(personal(), 'doppler').has({ device: null, number: 0 })).toBe(true);
    expect(readReadPosts(personal(), 'doppler').has({ device: 'bo', number: 0 })).toBe(true);
  });

  it('[PS6] ten thousand posts that were read are one range, and all threads are read in one pass', () => {
    const doc = personal();
    const numbers = Array.from({ length: 10_000 }, (_, at) => at + 1);
    markPostsRead(doc, place('phone'), posts('bo-laptop', ...numbers));
    expect(readPostsOf(doc).get('phone/doppler')).toEqual({ mark: 0, read: { 'bo-laptop': [[1, 10_000]] } });
    markPostsRead(doc, place('phone', 'other'), posts('bo-laptop', 1));
    expect([...readAllReadPosts(doc).keys()].toSorted()).toEqual(['doppler', 'other']);
  });

  it('[PS6] any two devices that read at random agree after meeting, and nothing that was read comes back', () => {
    const step = fc.record({ phone: fc.boolean(), number: fc.integer({ min: 1, max: 30 }), meeting: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const [phone, laptop] = [personal(), personal()];
        const read = new Set<number>();
        for (const { phone: onPhone, number, meeting } of steps) {
          markPostsRead(onPhone ? phone : laptop, place(onPhone ? 'phone' : 'laptop'), posts('bo', number));
          read.add(number);
          if (meeting) meet(phone, laptop);
        }
        meet(phone, laptop);
        const left = Array.from({ length: 30 }, (_, at) => at + 1).filter((number) => !read.has(number));
        expect(unreadOf(phone, 'bo', 30)).toEqual(left);
        expect(unreadOf(laptop, 'bo', 30)).toEqual(left);
      }),
    );
  });

  it('[PS6] anything may stand there', () => {
    const doc = personal();
    const hostile = [
      null,
      3,
      { read: 4 },
      { mark: -1, read: { bo: [[2, 1], [1], 'x', [0, Number.MAX_SAFE_INTEGER]] } },
      { mark: 1e12, read: {} },
    ];
    for (const [at, value] of hostile.entries()) readPostsOf(doc).set(`d${at}/doppler`, value);
    expect(unreadOf(doc, 'bo', 3)).toEqual([1, 2, 3]);
  });
});

it('[PS7][T5] a draft stands by device and place: two devices never overwrite each other, and an empty one is none', () => {
  const [phone, laptop] = [personal(), personal()];
  writeDraft(phone, { device: 'phone', place: 'doppler' }, { text: 'On the phone', at: 1 });
  writeDraft(laptop, { device: 'laptop', place: 'doppler' }, { text: 'On the laptop', at: 2 });
  meet(phone, laptop);
  expect(readDrafts(phone, 'doppler').map(({ device, text }) => [device, text])).toEqual([
    ['laptop', 'On the laptop'],
    ['phone', 'On the phone'],
  ]);
  writeDraft(phone, { device: 'phone', place: 'doppler' }, { text: '', at: 3 });
  expect(readDrafts(phone, 'doppler')).toHaveLength(1);
  expect(readDrafts(phone, 'other')).toEqual([]);
});

it('[PS8][T10] a thread has its own level, else that of its space, else all', () => {
  const doc = personal();
  expect(levelOf(doc, 'doppler', 'station')).toBe('all');
  setLevel(doc, 'station', 'mentions');
  setLevel(doc, 'doppler', 'mute');
  expect([levelOf(doc, 'doppler', 'station'), levelOf(doc, 'other', 'station')]).toEqual(['mute', 'mentions']);
  setLevel(doc, 'doppler', null);
  expect([levelOf(doc, 'doppler', 'station'), readLevel(doc, 'doppler')]).toEqual(['mentions', null]);
});
