// Shows the rules CM1 to CM5 of docs/documents.md: comments on a selection, apart and together, and whatever a peer may write there.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { randomId } from '../../base/random-id.ts';
import { commentsOf } from '../document/roots.ts';
import {
  addComment,
  editReply,
  reactTo,
  removeReply,
  reopenComment,
  replyTo,
  resolveComment,
  restoreReply,
} from './commands.ts';
import { readComments } from './read.ts';

const [ANA, BO] = [randomId(), randomId()];
const post = (author: string, text: string, at: number) => ({ author, device: author, text, at });

function together(...docs: Y.Doc[]): void {
  for (const from of docs) for (const to of docs) if (from !== to) Y.applyUpdate(to, Y.encodeStateAsUpdate(from));
}
function begun(): { a: Y.Doc; b: Y.Doc; id: string } {
  const [a, b] = [new Y.Doc(), new Y.Doc()];
  const id = addComment(a, { anchor: [[{ x: 1 }, null]], quote: 'by up to 0.2°', post: post(ANA, 'Is it?', 10) });
  together(a, b);
  return { a, b, id };
}
const only = (doc: Y.Doc) => readComments(doc).comments[0]!;

describe('comments', () => {
  it('[CM1] hold the anchor, a quotation and the posts in order', () => {
    const { a, b, id } = begun();
    replyTo(b, id, post(BO, 'It is.', 5));
    together(a, b);
    const comment = only(a);
    expect(comment).toMatchObject({ id, anchor: [[{ x: 1 }, null]], quote: 'by up to 0.2°', resolved: null, at: 10 });
    expect(comment.posts.map(({ text }) => text)).toEqual(['Is it?', 'It is.']);
    expect(readComments(b)).toEqual(readComments(a));
  });

  it('[CM2] two that begin on the same words at once are two, and replies of both stay', () => {
    const { a, b, id } = begun();
    addComment(a, { anchor: [], quote: 'x', post: post(ANA, 'one', 20) });
    addComment(b, { anchor: [], quote: 'x', post: post(BO, 'two', 20) });
    replyTo(a, id, post(ANA, 'from a', 30));
    replyTo(b, id, post(BO, 'from b', 30));
    together(a, b);
    expect(readComments(a).comments).toHaveLength(3);
    expect(readComments(a)).toEqual(readComments(b));
    expect(only(a).posts.map(({ text }) => text)).toHaveLength(3);
  });

  it('[CM3] is resolved and reopened; a post that was not seen then opens it again', () => {
    const { a, b, id } = begun();
    resolveComment(a, id, { at: 40, by: ANA });
    expect(only(a).resolved).toEqual({ at: 40, by: ANA });
    reactTo(a, id, { post: only(a).posts[0]!.id, member: BO, emoji: '👍' }, true);
    expect(only(a).resolved).not.toBeNull();
    const late = replyTo(b, id, post(BO, 'wait', 41));
    together(a, b);
    expect(only(a)).toMatchObject({ resolved: null, reopenedByPost: true });
    expect(only(b)).toMatchObject({ resolved: null, reopenedByPost: true });
    removeReply(b, id, late, { at: 42, by: BO });
    together(a, b);
    expect(only(a).resolved).not.toBeNull();
    reopenComment(a, id);
    expect(only(a)).toMatchObject({ resolved: null, reopenedByPost: false });
  });

  it('[CM4] with every post removed is shown no more; an edit elsewhere, or undoing, brings it back', () => {
    const { a, b, id } = begun();
    const first = only(a).posts[0]!.id;
    removeReply(a, id, first, { at: 50, by: ANA });
    expect(readComments(a).comments).toEqual([]);
    restoreReply(a, id, first);
    expect(readComments(a).comments).toHaveLength(1);
    removeReply(a, id, first, { at: 51, by: ANA });
    editReply(b, id, first, { text: 'Is it, really?', at: 52 });
    together(a, b);
    expect(only(a).posts[0]).toMatchObject({ text: 'Is it, really?', removal: { kind: 'overtaken' } });
  });

  it('[CM5] reading survives whatever a peer wrote, and names what it cannot read', () => {
    const value = fc.oneof(
      fc.anything({ withNullPrototype: false, maxDepth: 2 }).filter((each) => {
        try {
          return JSON.stringify(each) !== undefined;
        } catch {
          return false;
        }
      }),
      fc.constant('map'),
    );
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('anchor', 'quote', 'posts', 'reactions', 'resolved'), value),
        fc.string(),
        (keys, name) => {
          const doc = new Y.Doc();
          const made = new Y.Map<unknown>();
          commentsOf(doc).set(randomId(), made);
          for (const [key, one] of Object.entries(keys)) {
            made.set(
              key,
              one === 'map' ? new Y.Map([[randomId(), new Y.Map([['versions', 7]])]]) : JSON.parse(JSON.stringify(one)),
            );
          }
          commentsOf(doc).set(name, 'nothing');
          const { comments, unreadable } = readComments(doc);
          expect(comments.length + unreadable.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 200 },
    );
  });
});
