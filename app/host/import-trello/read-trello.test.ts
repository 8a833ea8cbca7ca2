// Trello's JSON read into a plan: a board as real exports are, broken and hostile files, and the board of ../shared/data where it is there.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LeftReason } from './left-behind.ts';
import { readTrello } from './read-trello.ts';
import { IDS, trelloBoard } from './trello-fixture.ts';
import type { TrelloPlan } from './trello-plan.ts';

function planOf(board: unknown): TrelloPlan {
  const reading = readTrello(typeof board === 'string' ? board : JSON.stringify(board));
  if (reading.kind === 'refused') throw new Error(reading.message);
  return reading.plan;
}
const leftOf = (plan: TrelloPlan): Partial<Record<LeftReason, number>> =>
  Object.fromEntries(plan.left.map(({ reason, count }) => [reason, count]));

describe('a Trello export', () => {
  it('[B20] keeps lists, order, labels, members, dates, archived state and who made a card', () => {
    const plan = planOf(trelloBoard());
    expect(plan).toMatchObject({ title: 'Harbour works', description: 'All that is to be done\nat the **harbour**.' });
    expect(plan.columns).toEqual([
      { source: IDS.OLD, name: 'Old', archived: true, colour: null, limit: null },
      { source: IDS.TODO, name: 'To do', archived: false, colour: null, limit: null },
      { source: IDS.DOING, name: 'Doing', archived: false, colour: 'moss', limit: 3 },
    ]);
    expect(plan.labels).toEqual([
      { source: IDS.HARBOUR, name: 'harbour', colour: 'moss' },
      { source: IDS.NAMELESS, name: 'red light', colour: 'clay' },
    ]);
    expect(plan.members).toEqual([
      { source: IDS.ANA, name: 'Ana Ruiz', username: 'anaruiz', cards: 1, comments: 1 },
      { source: IDS.BO, name: 'Bo Li', username: 'boli', cards: 1, comments: 1 },
      { source: IDS.GONE, name: 'Cy Dahl', username: 'cydahl', cards: 1, comments: 1 },
    ]);
    expect(plan.cards.map(({ title, archived, column }) => [title, archived, column])).toEqual([
      ['Paint', true, IDS.OLD],
      ['Book the ferry', false, IDS.TODO],
      ['Mast light', false, IDS.TODO],
      ['Late', true, IDS.DOING],
    ]);
    expect(plan.cards[1]).toMatchObject({ description: '# Ferry\n\nAsk *Bo*.', createdBy: null });
    expect(plan.cards[2]).toMatchObject({
      createdBy: IDS.ANA,
      createdAt: Date.UTC(2026, 3, 30, 9),
      start: Date.UTC(2026, 4, 1),
      due: Date.UTC(2026, 4, 9, 15, 30),
      complete: true,
      members: [IDS.BO, IDS.ANA, IDS.GONE],
      labels: [IDS.NAMELESS, IDS.HARBOUR],
    });
  });

  it('[B20] keeps checklists with ticks, comments with author and date, attachments and custom fields', () => {
    const plan = planOf(trelloBoard());
    const mast = plan.cards[2]!;
    expect(mast.checklists).toEqual([
      {
        name: 'Before',
        items: [
          { text: 'first', checked: false, due: null, member: null },
          { text: 'second', checked: true, due: Date.UTC(2026, 4, 2), member: IDS.ANA },
        ],
      },
    ]);
    expect(mast.comments).toEqual([
      { author: IDS.ANA, at: Date.UTC(2026, 4, 1, 9), text: 'First' },
      { author: IDS.BO, at: Date.UTC(2026, 4, 2, 9), text: 'Second\nline' },
      { author: IDS.GONE, at: Date.UTC(2026, 4, 3, 8), text: 'Third' },
    ]);
    expect(
      mast.attachments.map(({ name, url, uploaded, bytes }) => [name, url?.slice(0, 20), uploaded, bytes]),
    ).toEqual([
      ['plan.pdf', 'https://trello.com/1', true, 12_345],
      ['Light', 'https://example.org/', false, null],
      ['Bad', undefined, false, null],
    ]);
    expect(plan.fields.map(({ name, kind, choices }) => [name, kind, choices.map((one) => one.name)])).toEqual([
      ['Where', 'text', []],
      ['Cost', 'number', []],
      ['Tide', 'date', []],
      ['Size', 'choice', ['Small', 'Large']],
      ['Paid', 'choice', ['Yes']],
    ]);
    const large = plan.fields[3]!.choices[1]!;
    expect(large.colour).toBe('clay');
    expect(mast.values.map((one) => one.value)).toEqual(['Pier 3', 12.5, Date.UTC(2026, 4, 8, 4), large.source, 'yes']);
  });

  it('[B20] reports all that has no place, with how many and where', () => {
    const plan = planOf(trelloBoard());
    expect(leftOf(plan)).toEqual({
      votes: 1,
      cover: 1,
      sticker: 1,
      'power-up': 1,
      'special-card': 1,
      reminder: 1,
      'checkbox-field': 1,
      'archived-list': 1,
      activity: 2,
      'missing-comment': 1,
      'comment-without-card': 1,
      'attachment-address': 1,
      upload: 1,
      'unused-label': 1,
    });
    expect(plan.left.find((one) => one.reason === 'cover')).toEqual({
      reason: 'cover',
      count: 1,
      message: 'Covers of cards (1)',
      examples: ['Mast light'],
    });
  });

  it('[B20] [I3] refuses what is no board, and says so', () => {
    for (const text of [
      '',
      '{',
      'null',
      '[]',
      '{"lists":{},"cards":[]}',
      '{"cards":[]}',
      '<html>',
      '['.repeat(200_000),
    ]) {
      expect(readTrello(text)).toMatchObject({
        kind: 'refused',
        message: expect.stringContaining('Nothing was imported'),
      });
    }
    expect(planOf('\ufeff{"lists":[],"cards":[]}')).toMatchObject({ title: '', columns: [], cards: [], left: [] });
  });

  it('[B20] a broken export keeps every card that can be named, once, and counts the rest', () => {
    const board = trelloBoard() as Record<string, unknown[]> & { actions: unknown };
    const cards = board['cards'] as Record<string, unknown>[];
    cards.push({ ...cards[0]! }, { name: 'no id' }, null as never, 7 as never);
    cards.push({
      id: 'lonely',
      name: 'x'.repeat(3_000),
      idList: 'gone',
      due: 'soon',
      start: 5,
      idMembers: ['who', 'who', 3],
      idLabels: ['what'],
    });
    cards.push({
      id: '__proto__',
      idList: '__proto__',
      checklists: [{ id: 'k', name: 'Inside', checkItems: 'x' }],
      customFieldItems: [{ idCustomField: IDS.COST, value: { number: '1e999' } }],
    });
    board['lists']!.push({ id: 'twelve', pos: 'top' }, { id: IDS.TODO, name: 'again' });
    board['checklists']!.push({ id: 'lost', idCard: 'gone', name: 'Lost' });
    board.actions = 'none';
    const plan = planOf(board);
    expect(plan.cards).toHaveLength(6);
    const lonely = plan.cards.find((card) => card.source === 'lonely')!;
    expect(lonely).toMatchObject({
      column: null,
      due: null,
      start: null,
      members: ['who'],
      labels: [],
      createdAt: null,
    });
    expect(lonely.title).toHaveLength(2_000);
    expect(plan.cards.find((card) => card.source === '__proto__')!.checklists).toEqual([{ name: 'Inside', items: [] }]);
    expect(plan.columns.at(-1)).toMatchObject({ source: 'twelve', name: '' });
    expect(leftOf(plan)).toMatchObject({
      'without-list': 2,
      'unknown-member': 2,
      'unknown-label': 1,
      'field-value': 1,
      'missing-comment': 4,
      date: 2,
      cut: 1,
      doubled: 2,
      unreadable: 4,
    });
  });

  it('[B20] whatever stands in the file, reading gives plain data of the right form', () => {
    const junk = fc.oneof(
      fc.constantFrom<unknown>(null, true, -1, 1e308, '', 'x', '__proto__', [], {}, [[]], [null], { id: 'a' }, [
        { id: 'a' },
        { id: 'a' },
      ]),
      fc.constantFrom<unknown>(
        '9999-99-99T00:00:00.000Z',
        '\ud800',
        'javascript:x',
        'https://a:b@example.org',
        IDS.MAST,
      ),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(2_000), junk), { minLength: 1, maxLength: 12 }), (changes) => {
        const board = trelloBoard();
        for (const [which, value] of changes) replaceAt(board, which, value);
        const reading = readTrello(JSON.stringify(board));
        if (reading.kind === 'refused') return;
        const { plan } = reading;
        expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
        const columns = new Set(plan.columns.map((one) => one.source));
        const members = new Set(plan.members.map((one) => one.source));
        expect(new Set(plan.cards.map((one) => one.source)).size).toBe(plan.cards.length);
        for (const card of plan.cards) {
          expect(card.column === null || columns.has(card.column)).toBe(true);
          for (const one of card.members) expect(members.has(one)).toBe(true);
          for (const { url } of card.attachments) expect(url === null || /^https?:\/\/[^@]+$/.test(url)).toBe(true);
        }
      }),
      { numRuns: 150 },
    );
  });

  const KEPS = join(import.meta.dirname, '../../../../shared/data/board/keps-trello.json');
  it.skipIf(!existsSync(KEPS))(
    '[B20] the board of ../shared/data comes whole: every count as its README says (skipped where it is not there)',
    () => {
      const plan = planOf(readFileSync(KEPS, 'utf8'));
      const items = plan.cards.flatMap((card) => card.checklists.flatMap((list) => list.items));
      const perColumn = plan.columns.map((column) => plan.cards.filter((card) => card.column === column.source).length);
      expect({
        cards: plan.cards.length,
        columns: perColumn.toSorted((a, b) => b - a),
        labels: plan.labels.length,
        members: plan.members.length,
        checklists: plan.cards.flatMap((card) => card.checklists).length,
        items: items.length,
        dueItems: items.filter((item) => item.due !== null).length,
        ticked: items.filter((item) => item.checked).length,
        archived: plan.cards.filter((card) => card.archived).length,
        due: plan.cards.filter((card) => card.due !== null).length,
        complete: plan.cards.filter((card) => card.complete).length,
        start: plan.cards.filter((card) => card.start !== null).length,
        left: plan.left,
      }).toEqual({
        cards: 655,
        columns: [292, 279, 61, 10, 7, 3, 1, 1, 1],
        labels: 22,
        members: 525,
        checklists: 478,
        items: 1_237,
        dueItems: 1_089,
        ticked: 939,
        archived: 17,
        due: 503,
        complete: 227,
        start: 647,
        left: [],
      });
    },
  );
});

/** Puts a value in place of one of all the members of a file. */
function replaceAt(root: Record<string, unknown>, which: number, value: unknown): void {
  const places: [Record<string, unknown>, string][] = [];
  const open: unknown[] = [root];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    if (typeof one !== 'object' || one === null) continue;
    for (const [key, inner] of Object.entries(one)) {
      places.push([one as Record<string, unknown>, key]);
      open.push(inner);
    }
  }
  const place = places[which % places.length];
  if (place) place[0][place[1]] = structuredClone(value);
}
