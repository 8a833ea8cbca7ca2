// Words typed into what another deletes at the same time: which are offered back, which are not, case by case.
import { afterEach, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { deleteSelection } from 'prosemirror-commands';
import { insertAtoms } from '../../app/renderer/editor/commands/embeds.ts';
import { addChoiceTo, EMPTY_ASK, setAskText } from '../../shared/model/page/ask.ts';
import { areAmong, readReturned, recoverWords } from '../../shared/model/page/recovered.ts';
import { appendBlocks } from '../../shared/model/page/write.ts';
import type { Passage } from '../../app/host/recovered/passage.ts';
import { Team } from './apart-desks.ts';

let team: Team;
afterEach(() => team.dispose());

function start(...blocks: readonly string[]): Uint8Array {
  const doc = new Y.Doc();
  doc.clientID = 1;
  appendBlocks(
    doc.getText('body'),
    blocks.map((text) =>
      text === '[table]'
        ? {
            type: 'atom' as const,
            kind: 'table' as const,
            props: {
              table: {
                header: true,
                columns: [{}, {}],
                rows: [
                  [['Part'], ['Torque']],
                  [['Bearing'], ['12 Nm']],
                ].map((row) => row.map(([text = '']) => [{ type: 'text' as const, text, marks: {} }])),
              },
            },
          }
        : { type: 'text' as const, kind: 'paragraph' as const, content: [{ type: 'text' as const, text, marks: {} }] },
    ),
  );
  return Y.encodeStateAsUpdate(doc);
}

const TEXT = ['Alpha beta', 'Gamma delta epsilon', 'Zeta eta'] as const;

function texts(...blocks: readonly string[]): [one: Team['desks'][0], two: Team['desks'][0]] {
  team = new Team(start(...blocks), [10, 20]);
  return [team.desks[0]!, team.desks[1]!];
}

function shown(passages: readonly Passage[]): unknown {
  return passages.map(({ kind, lines, typedIn, deletedIn }) => ({ kind, lines, typedIn, deletedIn }));
}

const lost = (...lines: string[]) => ({ kind: 'lost', lines, typedIn: 1, deletedIn: 0 });
const joined = (...lines: string[]) => ({ kind: 'joined', lines, typedIn: 1, deletedIn: 0 });

describe('[W26] [SG17] a whole table deleted', () => {
  test('while another types in a cell: offered at both, whoever brings it to whom first', async () => {
    const [one, two] = texts('Before', '[table]', 'After');
    two.fill(1, 1, ' dry');
    one.deleteTable();
    team.merge();
    expect(two.text).not.toContain('dry');
    expect(shown(await team.found())).toEqual([lost(' dry')]);
    expect((await team.found())[0]!.place).toEqual({ kind: 'table', quote: 'Part Torque Bearing 12 Nm' });
    // Before the other's session is cut and has arrived.
    expect(shown(await team.found(0, [0]))).toEqual([{ ...lost(' dry'), typedIn: -1 }]);
    expect(shown(await team.found(1, [1]))).toEqual([{ ...lost(' dry'), deletedIn: -1 }]);
  });

  test('while another adds rows, types, and deletes some of it again: only what stood is offered, a row a line', async () => {
    const [one, two] = texts('Before', '[table]');
    two.addRow();
    two.fill(2, 0, 'Shaft');
    two.fill(2, 1, '9 Nmm');
    const { marker, read } = two.table;
    const [cell] = read.texts(read.rows[2]!.id, read.columns[1]!.id);
    two.editor.binding.change(() => cell!.text.delete(4, 1));
    two.fill(1, 0, ' new');
    one.deleteTable();
    team.merge();
    expect(marker.doc).toBeTruthy();
    expect(shown(await team.found())).toEqual([lost(' new', 'Shaft … 9 Nm')]);
    expect(shown(await team.found(0, [0]))).toEqual([{ ...lost(' new', 'Shaft … 9 Nm'), typedIn: -1 }]);
  });

  test('by one who had seen the words: not offered, also when windows come back and tell of it again', async () => {
    const [one, two] = texts('Before', '[table]');
    two.fill(1, 1, ' dry');
    team.merge();
    one.deleteTable();
    team.merge();
    one.comeBack();
    two.comeBack();
    team.merge();
    expect(await team.found()).toEqual([]);
    expect(await team.found(1, [1])).toEqual([]);
  });

  test('while another types: still offered after their window came back and told of the deletion itself', async () => {
    const [one, two] = texts('Before', '[table]');
    two.type('Before', 6, 'x');
    two.delete(two.startOf('Before') + 6, two.startOf('Before') + 7);
    two.fill(1, 1, ' dry');
    one.deleteTable();
    team.merge();
    two.comeBack();
    one.comeBack();
    team.merge();
    expect(shown(await team.found())).toEqual([lost(' dry')]);
    expect(shown(await team.found(1, [1]))).toEqual([{ ...lost(' dry'), deletedIn: 1 }]);
  });

  test('by its own author: not offered, also when another deletes it at the same time', async () => {
    const [one, two] = texts('Before', '[table]');
    one.fill(1, 0, ' and shaft');
    one.deleteTable();
    two.fill(1, 1, ' dry');
    two.deleteTable();
    team.merge();
    expect(await team.found()).toEqual([]);
  });

  test('and taken back: the table is there without the words, and they are offered', async () => {
    const [one, two] = texts('Before', '[table]');
    two.fill(1, 1, ' dry');
    one.deleteTable();
    team.merge();
    one.editor.binding.undo();
    team.merge();
    expect(two.table.read.rows).toHaveLength(2);
    expect(shown(await team.found())).toEqual([lost(' dry')]);
  });
});

describe('[W26] [SG17] [PG14] a poll deleted', () => {
  test('while another types in its question and adds a choice: offered, and said to be of the poll', async () => {
    const [one, two] = texts('Before', 'After');
    one.editor.run(insertAtoms([{ type: 'atom', kind: 'poll', props: { ask: { ...EMPTY_ASK, text: 'Which' } } }]));
    team.merge();
    const poll = (desk: Team['desks'][0]) =>
      desk.editor.binding.marker(
        String(desk.editor.state.doc.children.find(({ type }) => type.name === 'poll')?.attrs['id']),
      );
    two.editor.binding.change(() => {
      setAskText(poll(two)!, 'Which day');
      addChoiceTo(poll(two)!, 'Monday noon');
    });
    one.editor.binding.stopCapturing();
    one.editor.run(deleteSelection);
    team.merge();
    expect(poll(two)).toBeNull();
    const found = await team.found();
    expect(found.map(({ place }) => place.kind)).toEqual(found.map(() => 'poll'));
    const lines = found.flatMap((passage) => passage.lines);
    expect(lines.join(' ')).toContain('day');
    expect(lines.join(' ')).toContain('Monday noon');
  });
});

describe('[W26] rows and columns removed', () => {
  test.each(['row', 'column'] as const)(
    'a %s, while another types in it: it is in the page, and not offered',
    async (kind) => {
      const [one, two] = texts('Before', '[table]');
      two.fill(1, 1, ' dry');
      one.removeLine(kind, 1);
      team.merge();
      expect(one.text).toContain('dry');
      expect(await team.found()).toEqual([]);
    },
  );
});

describe('[W26] [SG18] a block deleted', () => {
  test('while another types inside its text: it is said where the words are now', async () => {
    const [one, two] = texts(...TEXT);
    two.type('Gamma', 6, 'red ');
    one.deleteBlock('Gamma');
    team.merge();
    expect(one.text).toContain('Alpha betared ');
    const found = await team.found();
    expect(shown(found)).toEqual([joined('red ')]);
    expect(found[0]!.place).toEqual({ kind: 'paragraph', quote: 'Gamma delta epsilon' });
    expect(found[0]!.block).toBe(one.editor.state.doc.child(0).attrs['id']);
    expect(shown(await team.found(1, [1]))).toEqual([{ ...joined('red '), deletedIn: -1 }]);
  });

  test('while another had typed at its end', async () => {
    const [one, two] = texts(...TEXT);
    two.type('Gamma', 19, ' and zeta');
    one.deleteBlock('Gamma');
    team.merge();
    expect(shown(await team.found())).toEqual([joined(' and zeta')]);
  });

  test('the words put back into a block of their own, and that taken back: said, not said, and said again', async () => {
    const [one, two] = texts(...TEXT);
    two.type('Gamma', 6, 'red ');
    one.deleteBlock('Gamma');
    team.merge();
    const [passage] = await team.found();
    two.editor.binding.command((origin) => {
      const { at, ranges, place } = passage!;
      const words = { lines: null, at: [at.client, at.clock] as const, kind: place.kind, words: ranges };
      expect(recoverWords(two.doc, { ...words, by: 'bo', time: 1 }, origin)).not.toBeNull();
    });
    team.merge();
    expect(one.text).toBe('Alpha beta\nred \nZeta eta');
    expect(areAmong(passage!.ranges, readReturned(one.doc))).toBe(true);
    expect(await team.found()).toEqual([]);
    two.editor.binding.undo();
    team.merge();
    expect(areAmong(passage!.ranges, readReturned(one.doc))).toBe(false);
    expect(shown(await team.found())).toEqual([joined('red ')]);
  });

  test('with a selection over several blocks, while another types in one of them', async () => {
    const [one, two] = texts(...TEXT);
    two.type('Gamma', 11, ' two');
    one.delete(one.startOf('Alpha') + 6, one.startOf('Zeta') + 5);
    team.merge();
    expect(one.text).toBe('Alpha  twoeta');
    expect(shown(await team.found())).toEqual([joined(' two')]);
  });

  test('and taken back: the words are where they were, and nothing is said', async () => {
    const [one, two] = texts(...TEXT);
    two.type('Gamma', 6, 'red ');
    one.deleteBlock('Gamma');
    team.merge();
    one.editor.binding.undo();
    team.merge();
    expect(two.text).toContain('red ');
    expect(await team.found()).toEqual([]);
  });

  test('by one who had seen the words, whole or in part, or behind whom another goes on typing: nothing is said', async () => {
    const [one, two] = texts(...TEXT);
    two.type('Gamma', 6, 'red ');
    two.type('Alpha', 10, ' and more');
    team.merge();
    one.delete(one.startOf('Alpha') + 6, one.startOf('Gamma') + 6);
    team.merge();
    two.type('Alpha', 6, 'kept ');
    const end = two.startOf('Alpha') + two.editor.state.doc.child(0).content.size;
    two.editor.dispatch(two.editor.state.tr.insertText(' more', end));
    one.deleteBlock('Zeta');
    team.merge();
    two.editor.dispatch(two.editor.state.tr.insertText(' still', end + 5));
    team.merge();
    expect(await team.found()).toEqual([]);
  });
});

describe('[W26] a join, or words replaced', () => {
  test('two blocks joined while another types in the second: the words stand among their neighbours', async () => {
    const [one, two] = texts(...TEXT);
    two.type('Gamma', 6, 'red ');
    one.editor.dispatch(one.editor.state.tr.join(one.startOf('Gamma') - 1));
    team.merge();
    expect(one.text).toContain('Alpha betaGamma red delta epsilon');
    expect(await team.found()).toEqual([]);
  });

  test('a text replaced while another types in it: the words stand in their block', async () => {
    const [one, two] = texts(...TEXT);
    two.type('Gamma', 6, 'red ');
    const at = one.startOf('Gamma');
    one.editor.dispatch(one.editor.state.tr.insertText('Quite another', at, at + 19));
    team.merge();
    expect(one.text).toContain('red ');
    expect(await team.found()).toEqual([]);
  });
});
