// What is an overlap and what is not, place by place, beside the random runs: votes, decisions, cells, live typing, deletions, and documents with too many clients to name.
import { afterEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { bodyOf, metaOf, postsOf } from '../../shared/model/document/roots.ts';
import { apartIn, decodeKnown, knownPartOf, MOST_KNOWN, writeKnownPart } from '../../shared/hub/history/known-at.ts';
import { KnownRecorder } from '../../shared/hub/history/known-recorder.ts';
import { findBlock, wordsOf } from '../../shared/model/overlap/place.ts';
import { readSettled, settleOverlap } from '../../shared/model/overlap/settle.ts';
import { ownText } from '../../shared/model/page/table-commands.ts';
import { readTable } from '../../shared/model/page/table-read.ts';
import { appendBlocks } from '../../shared/model/page/write.ts';
import { vote } from '../../shared/model/thread/commands.ts';
import { acceptAnswer, decide } from '../../shared/model/thread/fact-commands.ts';
import { readFacts } from '../../shared/model/thread/facts.ts';
import * as encoding from 'lib0/encoding';
import { OverlapTeam } from './overlap-desks.ts';

const [ANA, BO] = ['anaanaanaanaanaanaanaa', 'bobobobobobobobobobobo'];
const text = (words: string) => [{ type: 'text' as const, text: words, marks: {} }];

let team: OverlapTeam;
afterEach(() => team.dispose());

function begin(members: readonly string[] = [ANA, BO]): OverlapTeam {
  const start = new Y.Doc();
  start.clientID = 1;
  const table = { header: true, columns: [{}, {}], rows: [[text('Part'), text('Torque')]] };
  appendBlocks(bodyOf(start), [
    { id: 'block', type: 'text', kind: 'paragraph', content: text('One two three.') },
    { id: 'table', type: 'atom', kind: 'table', props: { table } },
  ]);
  metaOf(start).set('kind', 'thread');
  for (const end of ['aa', 'bb']) postsOf(start).set(`postpostpostpostpost${end}`, new Y.Map());
  team = new OverlapTeam(Y.encodeStateAsUpdate(start), members);
  return team;
}

async function apart(...edits: readonly [desk: number, change: (doc: Y.Doc) => void][]) {
  for (const { number } of team.desks) team.leave(number);
  for (const [desk, change] of edits) team.edit(desk, change);
  for (const { number } of team.desks) team.comeBack(number);
  return team.found();
}

const shown = (found: Awaited<ReturnType<OverlapTeam['found']>>) =>
  found.map(({ place, sides }) => [
    place.at,
    ...sides.map(({ value }) => (value?.is === 'value' ? value.value : value && wordsOf(value))),
  ]);

describe('[D3] [OV2] the same place', () => {
  it('a vote of one member on two computers, an accepted answer, what becomes of an idea', async () => {
    begin([ANA, ANA, BO]);
    const found = await apart(
      [0, (doc) => vote(doc, { member: ANA, choices: ['a'], at: 1 })],
      [1, (doc) => vote(doc, { member: ANA, choices: ['b'], at: 2 })],
      [2, (doc) => vote(doc, { member: BO, choices: ['a'], at: 2 })],
      [0, (doc) => acceptAnswer(doc, 'postpostpostpostpostaa', { by: ANA, at: 3 })],
      [2, (doc) => acceptAnswer(doc, 'postpostpostpostpostbb', { by: BO, at: 3 })],
      [0, (doc) => decide(doc, { state: 'review', reason: '', by: ANA, at: 4 })],
      [0, (doc) => decide(doc, { state: 'planned', reason: 'In May', by: ANA, at: 5 })],
      [2, (doc) => decide(doc, { state: 'declined', reason: 'Too dear', by: BO, at: 4 })],
    );
    expect(shown(found).sort()).toEqual([
      ['accepted', 'postpostpostpostpostaa', 'postpostpostpostpostbb'],
      ['state', { state: 'planned', reason: 'In May' }, { state: 'declined', reason: 'Too dear' }],
      ['vote', ['a'], ['b']],
    ]);
    const { doc } = team.desks[2]!;
    const state = found.find(({ place }) => place.at === 'state')!;
    const doing = { by: BO, at: 9 };
    settleOverlap(doc, { id: state.id, place: state.place, choice: 'keep', value: state.sides[1].value, doing }, null);
    expect(readFacts(doc).decisions.at(-1)).toMatchObject({ state: 'declined', reason: 'Too dear', by: BO });
    // Nobody votes for another.
    const cast = found.find(({ place }) => place.at === 'vote')!;
    settleOverlap(doc, { id: cast.id, place: cast.place, choice: 'take', value: cast.sides[1].value, doing }, null);
    expect(doc.getMap('votes').toJSON()).toEqual(team.desks[0]!.doc.getMap('votes').toJSON());
    expect(readSettled(doc).get(cast.id)).toEqual([{ by: BO, at: 9, choice: 'take' }]);
  });

  it('a cell of a table, each with their words; taking one leaves the other cells alone', async () => {
    begin();
    const cell = (words: string, column: number) => (doc: Y.Doc) => {
      const marker = findBlock(doc, 'table')!.fragments[0]!.marker!;
      const { rows, columns } = readTable(marker);
      const own = ownText(marker, rows[0]!.id, columns[column]!.id);
      own.insert(own.length, words);
    };
    const found = await apart([0, cell(' 12 Nm', 1)], [1, cell(' 9 Nm', 1)], [1, cell(' no.', 0)]);
    expect(shown(found)).toEqual([['cell', 'Torque 12 Nm', 'Torque 9 Nm']]);
    const [{ id, place, sides }] = found as [(typeof found)[0]];
    const { doc } = team.desks[0]!;
    settleOverlap(doc, { id, place, choice: 'take', value: sides[1].value, doing: { by: ANA, at: 9 } }, null);
    const marker = findBlock(doc, 'table')!.fragments[0]!.marker!;
    const { rows, columns, texts } = readTable(marker);
    expect(columns.map((column) => texts(rows[0]!.id, column.id)[0]!.text.toJSON())).toEqual([
      'Part no.',
      'Torque 9 Nm',
    ]);
  });
});

describe('[OV1] no overlap', () => {
  const typed = (words: string) => (doc: Y.Doc) => bodyOf(doc).insert(1, words);

  it('typing one after the other, also where one was apart and heard of it before they went on', async () => {
    begin();
    team.edit(0, typed('A '));
    team.edit(1, typed('B '));
    team.leave(0);
    team.edit(0, typed('C '));
    team.comeBack(0);
    team.edit(1, typed('D '));
    expect(await team.found()).toEqual([]);
  });

  it('the same done by both, different blocks, a deletion alone, and two who were apart and typed at different places', async () => {
    begin();
    const kind = (name: string) => (doc: Y.Doc) => findBlock(doc, 'block')!.fragments[0]!.marker!.set('kind', name);
    expect(await apart([0, kind('quote')], [1, kind('quote')], [1, (doc) => metaOf(doc).set('owner', BO)])).toEqual([]);
    expect(await apart([0, (doc) => bodyOf(doc).delete(2, 3)], [1, (doc) => bodyOf(doc).delete(6, 3)])).toEqual([]);
  });
});

describe('[SG20] what a hub had', () => {
  it('is told at first, when the link comes and goes, and every two seconds at most; not of more clients than may be named', () => {
    begin();
    const recorder = new KnownRecorder();
    expect(recorder.at(0, 1_000, new Map([[1, 5]]), 0)).toEqual({ from: 0, apart: 0, told: true, clocks: [[1, 5]] });
    expect(recorder.at(1, 2_000, new Map([[1, 6]]), 0)).toBeNull();
    expect(recorder.at(2, 2_500, new Map([[1, 6]]), 900)).toMatchObject({ from: 2, apart: 900, clocks: [[1, 6]] });
    expect(recorder.at(3, 9_000, new Map([[1, 6]]), 900)).toBeNull();
    expect(recorder.wasApart).toBe(true);
    const many = new Map(Array.from({ length: MOST_KNOWN + 1 }, (_, client) => [client, 1] as const));
    expect(new KnownRecorder().at(0, 1, many, 0)).toEqual({ from: 0, apart: 0, told: false, clocks: [] });
  });

  it('reads back behind parts that are not known, and what is forged says nothing', () => {
    begin();
    const records = [
      { from: 0, apart: 7_000, told: true, clocks: [[1, 5] as const] },
      { from: 4, apart: 0, told: true, clocks: [] },
    ];
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, 99);
    encoding.writeVarUint8Array(encoder, new Uint8Array([1, 2, 3]));
    writeKnownPart(encoder, records);
    const part = knownPartOf(encoding.toUint8Array(encoder));
    expect(decodeKnown(part)).toEqual(records);
    expect(apartIn(part)).toBe(7_000);
    for (let at = 0; at < part.length; at += 1) {
      const forged = new Uint8Array(part);
      forged[at] = 255;
      expect(() => decodeKnown(forged)).not.toThrow();
      expect(decodeKnown(part.subarray(0, at))).toEqual([]);
    }
    expect(knownPartOf(new Uint8Array([5, 6, 7]))).toEqual(new Uint8Array());
  });
});
