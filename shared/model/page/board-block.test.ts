// A board that is shown in a page (PG19): what its marker holds, whatever a peer wrote there, and its way through Markdown.
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { bodyOf } from '../document/roots.ts';
import { readReferences } from '../links/references.ts';
import { parseMarkdown } from '../markdown/parse-markdown.ts';
import { printMarkdown } from '../markdown/print-markdown.ts';
import type { NewBlock } from './block.ts';
import { blockKey } from '../markdown/same-blocks.ts';
import { readBlocks } from './read.ts';
import { appendBlocks } from './write.ts';

const FILTERED = {
  type: 'atom',
  kind: 'board',
  props: {
    board: 'board-1',
    shape: 'table',
    words: 'dish',
    members: ['', 'bo'],
    labels: ['l1', ''],
    due: ['overdue', 'none'],
  },
} satisfies NewBlock;

function page(blocks: readonly NewBlock[]): Y.Doc {
  const doc = new Y.Doc();
  appendBlocks(bodyOf(doc), blocks);
  return doc;
}

describe('a board in a page', () => {
  it('[PG19] stores ids and choices, no title and no default', () => {
    const doc = page([
      { type: 'atom', id: 'b', kind: 'board', props: { board: 'board-1', view: 'view-1', shape: 'columns' } },
    ]);
    const marker = bodyOf(doc).toDelta()[0].insert as Y.Map<unknown>;
    expect(marker.toJSON()).toEqual({ id: 'b', kind: 'board', board: 'board-1', view: 'view-1' });
    expect(readReferences(readBlocks(bodyOf(doc))).references).toEqual([
      { target: 'board-1', anchor: '', block: 'b', line: [{ type: 'page', page: 'board-1', here: true }] },
    ]);
  });

  it('[PG8][PG19] what a peer wrote of another form reads as the default', () => {
    const doc = page([{ type: 'atom', id: 'b', kind: 'board' }]);
    const marker = bodyOf(doc).toDelta()[0].insert as Y.Map<unknown>;
    marker.set('board', '../elsewhere');
    marker.set('view', 7);
    marker.set('shape', 'carousel');
    marker.set('words', `a\n${'x'.repeat(1_000)}`);
    marker.set('members', ['bo', 'bo', 3, '</script>', ...Array.from({ length: 500 }, (_, at) => `m${String(at)}`)]);
    marker.set('labels', { length: 2 });
    marker.set('due', ['overdue', 'someday']);
    const [block] = readBlocks(bodyOf(doc));
    if (block?.kind !== 'board' || block.type !== 'atom') throw new Error('no board was read');
    const { words, members, ...rest } = block.props;
    expect(rest).toEqual({ board: '', view: '', shape: 'columns', labels: [], due: ['overdue'] });
    expect([words.length <= 200, words.includes('\n'), members.length <= 20, members.slice(0, 2)]).toEqual([
      true,
      false,
      true,
      ['bo', 'm0'],
    ]);
  });

  it.each<[string, NewBlock]>([
    ['a choice of cards', FILTERED],
    ['a saved view', { type: 'atom', kind: 'board', props: { board: 'board-1', view: 'view-1' } }],
    ['nothing chosen yet', { type: 'atom', kind: 'board' }],
  ])('[PG19][I1] %s reads back from Markdown as it was', (_name, block) => {
    const blocks: NewBlock[] = [block, { ...block, indent: 0 } as NewBlock];
    const printed = printMarkdown(blocks, { pageTitle: () => 'Launch ``` board' });
    expect(parseMarkdown(printed).blocks.map(blockKey)).toEqual(blocks.map(blockKey));
  });

  it('[PG19][I1] a board follows its file, and lines that say anything else stay code', () => {
    const source =
      '```caravan-board\nLaunch\n../launch.md\nlist\nwords  two\n```\n\n```caravan-board\nLaunch\n../launch.md\nlist\n```\n';
    const { blocks } = parseMarkdown(source, {
      resolveLink: ({ target }) => (target === '../launch.md' ? 'page:b9' : null),
    });
    expect(blocks.map(({ kind }) => kind)).toEqual(['code', 'board']);
    expect(blocks[1]).toMatchObject({ props: { board: 'b9', shape: 'list' } });
    expect(printMarkdown(blocks, { printLink: (url) => (url === 'page:b9' ? 'launch.md' : null) })).toContain(
      '\nlaunch.md\nlist\n',
    );
  });
});
