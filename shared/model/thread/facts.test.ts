// What a thread says of itself, apart and together: types, answers, decisions, polls, merged threads, hidden posts.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { choicesOf, marksOf, metaOf, reportsOf, votesOf } from '../document/roots.ts';
import * as thread from './commands.ts';
import * as facts from './fact-commands.ts';
import { stateOf, type ThreadType } from './facts.ts';
import * as moderation from './moderation.ts';
import { addChoice, readPoll, tallyOf } from './poll.ts';
import { readThread } from './read.ts';
import type { NewPost } from './write-posts.ts';

const post = (text: string, at = 1, id = text): NewPost => ({ id, author: 'ana', device: 'a1', text, at });
const by = (who: string, at: number): { by: string; at: number } => ({ by: who, at });

function begun(type: ThreadType, more: Partial<facts.NewThread> = {}): Y.Doc {
  const doc = new Y.Doc();
  facts.beginThread(doc, { type, title: 'Doppler lag', post: post('first'), ...more });
  return doc;
}
function twin(doc: Y.Doc): Y.Doc {
  const other = new Y.Doc();
  Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
  return other;
}
function meet(...docs: Y.Doc[]): void {
  for (const one of docs) for (const other of docs) Y.applyUpdate(one, Y.encodeStateAsUpdate(other));
  for (const one of docs) expect(readThread(one)).toEqual(readThread(docs[0] ?? one));
}

describe('what a thread is', () => {
  it('[TH5] a thread begins with its type and its first post; one without a type is a discussion', () => {
    expect(readThread(begun('question')).facts.type).toBe('question');
    const plain = begun('discussion');
    expect([readThread(plain).facts.type, metaOf(plain).has('type')]).toEqual(['discussion', false]);
    facts.setType(plain, 'question');
    expect(readThread(plain)).toMatchObject({ facts: { type: 'question' }, posts: [{ text: 'first', number: 1 }] });
  });

  it('[TH5] one that was begun already is left as it is', () => {
    const doc = begun('idea');
    facts.beginThread(doc, { type: 'poll', title: 'Other', post: post('second') });
    expect(readThread(doc)).toMatchObject({ facts: { type: 'idea' }, posts: [{ text: 'first' }] });
  });

  it('[TH9] pinned and closed are said by somebody, keep the first who said it, and are taken back', () => {
    const doc = begun('discussion');
    facts.setClosed(doc, by('bo', 5));
    facts.setClosed(doc, by('cy', 9));
    facts.setPinned(doc, by('cy', 6));
    expect(readThread(doc).facts).toMatchObject({ closed: { by: 'bo', at: 5 }, pinned: { by: 'cy', at: 6 } });
    facts.setClosed(doc, null);
    expect(readThread(doc).facts.closed).toBeNull();
  });

  it('[TH12] a merged thread names the one that it goes on in, that one names it, and it can be taken back', () => {
    const [source, target] = [begun('idea'), begun('idea')];
    facts.mergeInto(source, 'target', by('bo', 3));
    facts.markMerged(target, 'source');
    expect(readThread(source).facts.mergedInto).toEqual({ thread: 'target', by: 'bo', at: 3 });
    expect(readThread(target).facts.merged).toEqual(['source']);
    facts.unmerge(source, 'target');
    facts.unmerge(target, 'source');
    expect([readThread(source).facts.mergedInto, readThread(target).facts.merged]).toEqual([null, []]);
  });
});

describe('a question', () => {
  it('[TH6] one answer is accepted, and another one instead; two people apart agree on one afterwards', () => {
    const left = begun('question');
    thread.addPost(left, post('answer', 2));
    thread.addPost(left, post('better', 3));
    const right = twin(left);
    facts.acceptAnswer(left, 'answer', by('ana', 10));
    facts.acceptAnswer(right, 'better', by('bo', 10));
    meet(left, right);
    expect(['answer', 'better']).toContain(readThread(left).facts.accepted?.post);
    expect(() => facts.acceptAnswer(left, 'unknown', by('ana', 11))).toThrow('not in the thread');
    facts.unacceptAnswer(right);
    meet(left, right);
    expect(readThread(left).facts.accepted).toBeNull();
  });
});

describe('an idea', () => {
  it('[TH7] the newest decision counts, whatever clocks say, and the ones before stay', () => {
    const doc = begun('idea');
    expect(stateOf(readThread(doc).facts)).toBe('new');
    facts.decide(doc, { state: 'planned', reason: 'In spring', ...by('bo', 900) });
    const other = twin(doc);
    facts.decide(other, { state: 'declined', reason: 'No money', ...by('cy', 100) });
    facts.decide(other, { state: 'declined', reason: 'No money', ...by('cy', 101) });
    meet(doc, other);
    expect(readThread(doc).facts.decisions.map(({ state, reason }) => [state, reason])).toEqual([
      ['planned', 'In spring'],
      ['declined', 'No money'],
    ]);
    expect(stateOf(readThread(doc).facts)).toBe('declined');
  });
});

describe('a poll', () => {
  const poll = { choices: ['Tea', 'Coffee', 'Water'], until: 100 };
  const choices = (doc: Y.Doc): string[] => readPoll(doc).choices.map(({ id }) => id);

  it('[TH8] choices keep their order, rules are said once, and more can be added by two at once', () => {
    const left = begun('poll', { poll: { ...poll, multiple: true, anonymous: true } });
    const right = twin(left);
    addChoice(left, 'Juice');
    addChoice(right, 'Milk');
    meet(left, right);
    const read = readPoll(left);
    expect(read).toMatchObject({ multiple: true, anonymous: true, until: 100 });
    expect(read.choices.slice(0, 3).map(({ text }) => text)).toEqual(['Tea', 'Coffee', 'Water']);
    expect(
      read.choices
        .slice(3)
        .map(({ text }) => text)
        .toSorted(),
    ).toEqual(['Juice', 'Milk']);
    expect(() => addChoice(left, '   ')).toThrow('Nothing was changed');
  });

  it('[T13] a vote that was cast in time counts whenever it arrives, one behind the end does not, by the voter’s clock', () => {
    const doc = begun('poll', { poll });
    const away = twin(doc);
    const [tea = '', coffee = ''] = choices(doc);
    thread.vote(away, { member: 'bo', choices: [tea], at: 100 });
    thread.vote(doc, { member: 'cy', choices: [coffee], at: 101 });
    meet(doc, away);
    const tally = tallyOf(readPoll(doc), readThread(doc).votes);
    expect(tally.byChoice.get(tea)).toEqual(['bo']);
    expect([tally.byChoice.get(coffee), tally.voters, tally.late]).toEqual([[], 1, ['cy']]);
  });

  it('[T13] two devices of one person count once, and in a poll for one choice one choice counts', () => {
    const phone = begun('poll', { poll });
    const laptop = twin(phone);
    const [tea = '', coffee = ''] = choices(phone);
    thread.vote(phone, { member: 'bo', choices: [tea], at: 10 });
    thread.vote(laptop, { member: 'bo', choices: [coffee, tea], at: 20 });
    meet(phone, laptop);
    const tally = tallyOf(readPoll(phone), readThread(phone).votes);
    expect(tally.voters).toBe(1);
    expect([...tally.byChoice.values()].flat()).toEqual(['bo']);
  });

  it('[T13] votes count the same in whatever order 2 to 6 computers meet, with clocks that are hours off', () => {
    const members = ['ana', 'bo', 'cy', 'di', 'ed', 'fe'];
    const cast = fc.record({
      who: fc.nat(5),
      choice: fc.nat(2),
      at: fc.integer({ min: 0, max: 200 }),
      back: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 6 }),
        fc.array(cast, { maxLength: 25 }),
        fc.array(fc.nat(), { maxLength: 12 }),
        (hosts, votes, meetings) => {
          const first = begun('poll', { poll });
          const docs = [first, ...Array.from({ length: hosts - 1 }, () => twin(first))];
          const ids = choices(first);
          const last = new Map<string, { choice: string; at: number } | null>();
          for (const { who, choice, at, back } of votes) {
            // Each member votes at one computer, so that the last thing they did is known.
            const member = members[who % hosts] ?? 'ana';
            const doc = docs[who % hosts] ?? first;
            if (back) thread.takeBackVote(doc, member);
            else thread.vote(doc, { member, choices: [ids[choice] ?? ''], at });
            last.set(member, back ? null : { choice: ids[choice] ?? '', at });
            const turn = meetings[at % Math.max(1, meetings.length)] ?? 0;
            Y.applyUpdate(docs[turn % hosts] ?? first, Y.encodeStateAsUpdate(doc));
          }
          meet(...docs, ...docs.toReversed());
          const tally = tallyOf(readPoll(first), readThread(first).votes);
          for (const id of ids) {
            const counted = [...last]
              .filter(([, vote]) => vote?.choice === id && vote.at <= 100)
              .map(([member]) => member);
            expect(tally.byChoice.get(id)).toEqual(counted.toSorted());
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('what managers do', () => {
  it('[T9][TH11] a post is hidden with a reason and shown again; hiding never brings a removed one back', () => {
    const doc = begun('discussion');
    thread.removePost(doc, 'first', by('ana', 5));
    moderation.hidePost(doc, 'first', { ...by('bo', 6), reason: 'Personal' });
    expect(readThread(doc).posts[0]?.removal.kind).toBe('removed');
    expect(readThread(doc).marks.hidden.get('first')).toEqual({ by: 'bo', at: 6, reason: 'Personal' });
    moderation.showPost(doc, 'first');
    expect(readThread(doc).marks.hidden.size).toBe(0);
    expect(() => moderation.hidePost(doc, 'unknown', { ...by('bo', 6), reason: '' })).toThrow('not in the thread');
  });

  it('[TH11] reports count once a member, and are dealt with together', () => {
    const doc = begun('discussion');
    const other = twin(doc);
    moderation.reportPost(doc, { post: 'first', ...by('bo', 6), reason: 'Spam' });
    moderation.reportPost(other, { post: 'first', ...by('cy', 4), reason: 'Rude\nvery' });
    meet(doc, other);
    expect(moderation.readReports(doc)).toEqual([
      { post: 'first', by: 'cy', at: 4, reason: 'Rude very' },
      { post: 'first', by: 'bo', at: 6, reason: 'Spam' },
    ]);
    moderation.dismissReports(doc, 'first');
    expect(moderation.readReports(doc)).toEqual([]);
  });
});

it('[TH5][TH8][TH11] whatever a peer wrote is read without harm, and nothing of it is thrown away', () => {
  const values = [
    null,
    7,
    'x',
    [],
    { by: 'ana' },
    { by: 7, at: 'x' },
    new Uint8Array(3),
    { post: '../', by: 'ana', at: 1 },
  ];
  const doc = begun('poll');
  doc.transact(() => {
    for (const [at, value] of values.entries()) {
      for (const key of ['type', 'pinned', 'closed', 'accepted', 'mergedInto', 'poll', 'confirm'])
        metaOf(doc).set(key, value);
      metaOf(doc).set(`decision/d${at}`, value);
      metaOf(doc).set(`merged/m${at}`, value);
      metaOf(doc).set(`card/c${at}`, value);
      choicesOf(doc).set(`choice${at}`, value);
      votesOf(doc).set(`voter${at}`, value);
      marksOf(doc).set(`hidden/p${at}`, value);
      marksOf(doc).set(`split/p${at}`, value);
      reportsOf(doc).set(`p${at}/m/extra`, value);
      expect(() => [
        readThread(doc),
        readPoll(doc),
        tallyOf(readPoll(doc), readThread(doc).votes),
        moderation.readReports(doc),
      ]).not.toThrow();
    }
  });
  expect(readThread(doc).facts.type).toBe('discussion');
  expect(choicesOf(doc).size).toBe(values.length);
});
