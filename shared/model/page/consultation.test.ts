// Consultations: open until a time, each comment then accepted or declined, at once and apart.
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { addComment } from '../comments/commands.ts';
import { readComments } from '../comments/read.ts';
import { decisionsOf, metaOf } from '../document/roots.ts';
import {
  consultationState,
  decideComment,
  decisionOf,
  isLate,
  readConsultation,
  readDecisions,
  setConsultation,
} from './consultation.ts';

function page(client: number, from?: Y.Doc): Y.Doc {
  const doc = new Y.Doc();
  doc.clientID = client;
  if (from) Y.applyUpdate(doc, Y.encodeStateAsUpdate(from));
  return doc;
}

function comment(doc: Y.Doc, at: number): string {
  return addComment(doc, { anchor: [], quote: 'words', post: { author: 'ana', device: 'd', text: 'hm', at } });
}

function meet(...docs: Y.Doc[]): void {
  for (const to of docs)
    for (const from of docs) Y.applyUpdate(to, Y.encodeStateAsUpdate(from, Y.encodeStateVector(to)));
}

function state(doc: Y.Doc, now: number): ReturnType<typeof consultationState> {
  return consultationState({ until: 100 }, readComments(doc).comments, readDecisions(doc), now);
}

describe('consultation', () => {
  it('[PP8][CM7][P6] is open until its time, waits for a decision on each comment, and ends with the last one', () => {
    const doc = page(1);
    setConsultation(doc, 100, { by: 'ana', at: 1 });
    expect(readConsultation(doc)).toEqual({ until: 100, by: 'ana', at: 1 });
    const [one, two] = [comment(doc, 10), comment(doc, 101)];
    expect(state(doc, 100)).toEqual({ state: 'open', undecided: 2, accepted: 0, declined: 0, late: 1 });
    expect(state(doc, 101).state).toBe('deciding');
    expect(readComments(doc).comments.map((each) => isLate(each, { until: 100 }))).toEqual([false, true]);
    decideComment(doc, one, { outcome: 'accepted', reason: '', by: 'ana', at: 110 });
    decideComment(doc, two, { outcome: 'declined', reason: ' too\nlate ', by: 'ana', at: 111 });
    expect(state(doc, 120)).toEqual({ state: 'ended', undecided: 0, accepted: 1, declined: 1, late: 1 });
    expect(decisionOf(readDecisions(doc).get(two))?.reason).toBe('too late');
    decideComment(doc, two, { outcome: 'open', reason: '', by: 'ana', at: 112 });
    expect(state(doc, 120).state).toBe('deciding');
    expect(readDecisions(doc).get(two)).toHaveLength(2);
    setConsultation(doc, null, { by: 'ana', at: 2 });
    expect(readConsultation(doc)).toBeNull();
  });

  it('[CM7][P6] of two who decide at once the later counts everywhere, and both stay', () => {
    const ana = page(1);
    const id = comment(ana, 10);
    const ben = page(2, ana);
    decideComment(ana, id, { outcome: 'accepted', reason: 'yes', by: 'ana', at: 120 });
    decideComment(ben, id, { outcome: 'declined', reason: 'no', by: 'ben', at: 119 });
    meet(ana, ben);
    for (const doc of [ana, ben]) {
      expect(
        readDecisions(doc)
          .get(id)
          ?.map(({ outcome }) => outcome),
      ).toEqual(['declined', 'accepted']);
      expect(decisionOf(readDecisions(doc).get(id))?.by).toBe('ana');
    }
    // Who knew both counts, whatever their clock says.
    decideComment(ben, id, { outcome: 'declined', reason: 'after all', by: 'ben', at: 3 });
    meet(ana, ben);
    expect(decisionOf(readDecisions(ana).get(id))?.reason).toBe('after all');
  });

  it('[PP8][CM7] survives whatever a peer wrote', () => {
    const doc = page(1);
    for (const value of [7, null, [], {}, { until: 'soon' }, { until: -1 }, { until: Number.NaN }]) {
      metaOf(doc).set('consultation', value);
      expect(readConsultation(doc)).toBeNull();
    }
    metaOf(doc).set('consultation', { until: 5, by: 7, at: 'x' });
    expect(readConsultation(doc)).toEqual({ until: 5, by: '', at: 0 });
    decisionsOf(doc).set('x', { outcome: 'accepted' });
    decisionsOf(doc).set('a/b/c', { outcome: 'accepted' });
    decisionsOf(doc).set('a/b', { outcome: 'perhaps' });
    decisionsOf(doc).set('a/c', { outcome: 'accepted', reason: 7, by: {}, at: -1, number: 1e99 });
    expect([...readDecisions(doc)]).toEqual([['a', [{ outcome: 'accepted', reason: '', by: null, at: 0, number: 0 }]]]);
    // The highest number there is keeps no later decision from counting.
    decisionsOf(doc).set('a/d', { outcome: 'accepted', reason: '', by: 'eve', at: 8e15, number: 1_000_000_000 });
    decideComment(doc, 'a', { outcome: 'declined', reason: 'No', by: 'ana', at: 9 });
    expect(decisionOf(readDecisions(doc).get('a'))?.outcome).toBe('declined');
  });
});
