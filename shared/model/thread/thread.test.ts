// A thread apart and together: the causal order, versions, reactions, votes, and whatever a peer may have written.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { metaOf, postsOf, reactionsOf, votesOf } from '../document/roots.ts';
import * as thread from './commands.ts';
import { decide } from './fact-commands.ts';
import { readFacts, stateOf } from './facts.ts';
import { orderPosts, type Placed } from './order.ts';
import { readThread, type Thread } from './read.ts';
import type { NewPost } from './write-posts.ts';

const ana = (text: string, at: number, id = text): NewPost => ({ id, author: 'ana', device: 'a1', text, at });
const bo = (text: string, at: number, id = text): NewPost => ({ id, author: 'bo', device: 'b1', text, at });

function twin(doc: Y.Doc): Y.Doc {
  const other = new Y.Doc();
  Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
  return other;
}
function meet(a: Y.Doc, b: Y.Doc): Thread {
  Y.applyUpdate(a, Y.encodeStateAsUpdate(b));
  Y.applyUpdate(b, Y.encodeStateAsUpdate(a));
  expect(readThread(b)).toEqual(readThread(a));
  return readThread(a);
}
const texts = (view: Thread): string[] => view.posts.map((post) => post.text);
const placed = (id: string, at: number, ...after: string[]): Placed => ({ id, at, after });
const order = (...posts: Placed[]): string[] => orderPosts(posts).map((post) => post.id);

describe('the order of posts', () => {
  it('[TH4] what an author had seen comes first, whatever the clocks say; then time, then id', () => {
    expect(order(placed('answer', 1, 'question'), placed('question', 9))).toEqual(['question', 'answer']);
    expect(order(placed('b', 5), placed('a', 5), placed('c', 4))).toEqual(['c', 'a', 'b']);
    expect(order(placed('late', 2, 'unknown', 'late'), placed('early', 1))).toEqual(['early', 'late']);
  });

  it('[TH4] a cycle is cut at its smallest, the same whatever order the posts came in', () => {
    expect(order(placed('x', 3, 'y'), placed('y', 2, 'x'), placed('behind', 1, 'x'))).toEqual(['y', 'x', 'behind']);
    const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    const posts = fc.uniqueArray(
      fc.record({
        id: fc.constantFrom(...ids),
        at: fc.nat(3),
        after: fc.array(fc.constantFrom(...ids, 'unknown'), { maxLength: 3 }),
      }),
      { selector: (post) => post.id },
    );
    fc.assert(
      fc.property(posts, fc.nat(), (list, turn) => {
        const ordered = orderPosts(list);
        expect(ordered.map((post) => post.id).toSorted()).toEqual(list.map((post) => post.id).toSorted());
        const at = list.length === 0 ? 0 : turn % list.length;
        expect(orderPosts([...list.slice(at), ...list.slice(0, at)])).toEqual(ordered);
        expect(orderPosts([...list].reverse())).toEqual(ordered);
      }),
      { numRuns: 300 },
    );
  });

  it('[TH4] 50,000 posts in a chain, and a cycle of as many, are no problem', () => {
    const chain = Array.from({ length: 50_000 }, (_, at) => placed(`p${at}`, 0, `p${at - 1}`));
    expect(orderPosts(chain).at(-1)?.id).toBe('p49999');
    const ring = chain.map((post, at) => (at === 0 ? placed('p0', 0, 'p49999') : post));
    expect(orderPosts(ring)).toHaveLength(50_000);
  });

  it('[TH4] 10,000 posts that each follow the next one and one that follows them are no problem either', () => {
    // The way back from the first of them goes to the last one; what is placed there leaves all others waiting.
    const forged = Array.from({ length: 10_000 }, (_, at) => [
      placed(`a${String(at).padStart(5, '0')}`, 0, `a${String(at + 1).padStart(5, '0')}`, `b${at}`),
      placed(`b${at}`, 0, `a${String(at).padStart(5, '0')}`),
    ]).flat();
    const begun = performance.now();
    const ordered = orderPosts(forged);
    expect(performance.now() - begun).toBeLessThan(2_000);
    expect(new Set(ordered).size).toBe(20_000);
    expect(orderPosts(forged.toReversed())).toEqual(ordered);
  });
});

describe('thread', () => {
  it('[TH2] a post carries its device’s number and the newest posts that its author knew', () => {
    const left = new Y.Doc();
    thread.addPost(left, ana('one', 10));
    const right = twin(left);
    thread.addPost(left, ana('two', 11));
    thread.addPost(right, bo('three', 3));
    meet(left, right);
    thread.addPost(right, bo('four', 1));
    const view = meet(left, right);
    expect(texts(view)).toEqual(['one', 'three', 'two', 'four']);
    expect(view.posts.map(({ device, number, after }) => [device, number, [...after].toSorted()])).toEqual([
      ['a1', 1, []],
      ['b1', 1, ['one']],
      ['a1', 2, ['one']],
      ['b1', 2, ['three', 'two']],
    ]);
  });

  it('[TH3] an edit is a new version; of two made apart both stay, and everybody sees the same one', () => {
    const left = new Y.Doc();
    thread.addPost(left, ana('draft', 10, 'p'));
    const right = twin(left);
    thread.editPost(left, 'p', { text: 'mine', at: 12 });
    thread.editPost(right, 'p', { text: 'older clock, later edit', at: 1 });
    thread.editPost(right, 'p', { text: 'theirs', at: 2 });
    const post = meet(left, right).posts[0]!;
    expect(post.text).toBe('theirs');
    expect(post.versions.map((version) => version.text)).toEqual([
      'draft',
      'older clock, later edit',
      'mine',
      'theirs',
    ]);
    const bytes = Y.encodeStateAsUpdate(left);
    thread.editPost(left, 'p', { text: 'theirs', at: 99 });
    expect(Y.encodeStateAsUpdate(left)).toEqual(bytes);
  });

  it('[TH3] [TH7] no number that a version or a decision claims keeps a later one from counting', () => {
    const doc = new Y.Doc();
    thread.addPost(doc, ana('draft', 10, 'p'));
    const versions = (postsOf(doc).get('p') as Y.Map<unknown>).get('versions') as Y.Map<unknown>;
    for (const number of [1_000_000_000, Number.MAX_SAFE_INTEGER]) {
      versions.set(`forged-${number}`, { text: 'forged', at: 8e15, number });
      thread.editPost(doc, 'p', { text: `mended ${number}`, at: 12 });
      expect(readThread(doc).posts[0]!.text).toBe(`mended ${number}`);
    }
    // Nor does a number that somebody claims for this device's posts leave the next one without.
    thread.addPost(doc, ana('forged', 1));
    (postsOf(doc).get('forged') as Y.Map<unknown>).set('number', 1_000_000_000);
    for (const text of ['one', 'two']) thread.addPost(doc, ana(text, 20));
    const numbers = readThread(doc).posts.map((post) => post.number);
    expect([new Set(numbers).size, Math.min(...numbers)]).toEqual([4, 1]);
    metaOf(doc).set('decision/forged', { state: 'done', reason: '', by: 'eve', at: 8e15, number: 1_000_000_000 });
    decide(doc, { state: 'declined', reason: 'No room', by: 'ana', at: 13 });
    expect(stateOf(readFacts(doc))).toBe('declined');
    // Nor do many of them.
    for (let at = 0; at < 1_000; at += 1) {
      metaOf(doc).set(`decision/0${at}`, { state: 'new', reason: '', by: 'eve', at: 1, number: 1 });
    }
    decide(doc, { state: 'planned', reason: 'Next year', by: 'ana', at: 14 });
    expect(stateOf(readFacts(doc))).toBe('planned');
  });

  it('[DD4] a removed post leaves its place; an edit that did not know brings it back', () => {
    const left = new Y.Doc();
    thread.addPost(left, ana('keep', 1));
    thread.addPost(left, ana('go', 2));
    const right = twin(left);
    thread.removePost(left, 'go', { at: 5, by: 'ana' });
    expect(readThread(left).posts[1]!.removal).toEqual({ kind: 'removed', at: 5, by: 'ana' });
    thread.react(right, { post: 'go', member: 'bo', emoji: '👍' }, true);
    expect(meet(left, right).posts[1]!.removal.kind).toBe('removed');
    const third = twin(left);
    thread.restorePost(left, 'go');
    thread.removePost(left, 'go', { at: 6, by: 'ana' });
    thread.editPost(third, 'go', { text: 'went on writing', at: 6 });
    expect(meet(left, third).posts[1]).toMatchObject({ text: 'went on writing', removal: { kind: 'overtaken' } });
  });

  it('[TH1] [T8] one reaction a person and emoji, one vote a person, however many devices', () => {
    const left = new Y.Doc();
    thread.addPost(left, ana('idea', 1));
    const right = twin(left);
    for (const doc of [left, right]) {
      thread.react(doc, { post: 'idea', member: 'ana', emoji: '🎉' }, true);
      thread.vote(doc, { member: 'ana', choices: ['yes', 'yes'], at: 3 });
    }
    thread.react(right, { post: 'idea', member: 'bo', emoji: '🎉' }, true);
    thread.vote(right, { member: 'bo', choices: [], at: 3 });
    const view = meet(left, right);
    expect(view.posts[0]!.reactions).toEqual([{ emoji: '🎉', members: ['ana', 'bo'] }]);
    expect([...view.votes].map(([member, { choices }]) => [member, choices])).toEqual([
      ['ana', ['yes']],
      ['bo', []],
    ]);
    thread.react(left, { post: 'idea', member: 'ana', emoji: '🎉' }, false);
    thread.takeBackVote(left, 'ana');
    expect(meet(left, right).posts[0]!.reactions).toEqual([{ emoji: '🎉', members: ['bo'] }]);
    expect([...meet(left, right).votes.keys()]).toEqual(['bo']);
    expect(() => thread.react(left, { post: 'idea', member: 'ana', emoji: 'a/b' }, true)).toThrow('not an emoji');
  });

  it('[TH1] reading an untouched thread writes nothing', () => {
    const doc = new Y.Doc();
    expect(readThread(doc)).toMatchObject({ posts: [], votes: new Map(), poll: null, unreadable: [] });
    expect(Y.encodeStateAsUpdate(doc)).toEqual(new Uint8Array([0, 0]));
  });

  it('[TH1] whatever a peer wrote, reading is total and every post is there once', () => {
    const junk = fc.oneof(
      fc.string(),
      fc.double(),
      fc.constantFrom(null, -3, { text: 'x', at: -1, number: 1e20 }, ['p1', 'p2', 5, '__proto__'], { choices: [1] }),
      fc.constant('MAP'),
    );
    const id = fc.constantFrom('p1', 'p2', 'p3', '__proto__', 'a/b', 'p1/ana/x', 'p1/ana/', '');
    const key = fc.constantFrom('after', 'at', 'versions', 'number', 'device', 'removed');
    const entries = fc.array(fc.tuple(id, fc.oneof(junk, fc.dictionary(key, junk, { noNullPrototype: true }))), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(entries, entries, entries, (posts, reactions, votes) => {
        const doc = new Y.Doc();
        const value = (given: unknown): unknown => {
          if (given !== 'MAP') return given;
          return new Y.Map(Object.entries({ v: { text: 't', at: 1, number: 1 }, w: 7 }));
        };
        for (const [name, given] of posts) {
          const fields = typeof given === 'object' && given !== null && !Array.isArray(given) ? given : null;
          const map = new Y.Map<unknown>();
          for (const [field, one] of Object.entries(fields ?? {})) map.set(field, value(one));
          postsOf(doc).set(name, fields ? map : value(given));
        }
        for (const [name, given] of reactions) reactionsOf(doc).set(name, value(given));
        for (const [name, given] of votes) votesOf(doc).set(name, value(given));
        const bytes = Y.encodeStateAsUpdate(doc);
        const view = readThread(doc);
        const unread = view.unreadable.filter((name) => name.startsWith('posts/')).length;
        expect(view.posts.length + unread).toBe(postsOf(doc).size);
        expect(readThread(twin(doc))).toEqual(view);
        expect(Y.encodeStateAsUpdate(doc)).toEqual(bytes);
      }),
    );
  });
});
