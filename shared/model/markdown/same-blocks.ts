// When two runs of blocks say the same: ids, defaults and the cutting of text into runs do not count.
import { EMPTY_ASK } from '../page/ask.ts';
import { storedAtomProps } from '../page/atom-props.ts';
import type { Marks, NewBlock, NewInline, NewTable, TextRun } from '../page/block.ts';
import { embedKey } from '../page/embeds.ts';
import { readNewAsk } from '../page/new-ask.ts';

/** Text with the same marks side by side becomes one run; empty runs go. */
export function joinRuns(runs: readonly TextRun[]): TextRun[] {
  return joinInline(runs) as TextRun[];
}

/** The same for content that may hold other inline things. */
export function joinInline(content: readonly NewInline[]): NewInline[] {
  const joined: NewInline[] = [];
  for (const run of content) {
    if (run.type !== 'text') {
      joined.push(run);
      continue;
    }
    if (run.text === '') continue;
    const last = joined.at(-1);
    if (last?.type === 'text' && marksKey(last.marks) === marksKey(run.marks)) {
      joined[joined.length - 1] = { ...last, text: last.text + run.text };
    } else {
      joined.push(run);
    }
  }
  return joined;
}

/** One text for everything that a reader sees of a block: equal keys, equal blocks. */
export function blockKey(block: NewBlock): string {
  if (block.type === 'atom' && block.kind === 'table') {
    return JSON.stringify(['table', block.indent ?? 0, block.props?.table ? tableKey(block.props.table) : null]);
  }
  if (block.type === 'atom' && (block.kind === 'poll' || block.kind === 'done')) {
    return JSON.stringify(['atom', block.kind, block.indent ?? 0, readNewAsk(block.props?.ask) ?? EMPTY_ASK]);
  }
  if (block.type === 'atom') {
    const props = storedAtomProps(block.kind, { ...block.props });
    return JSON.stringify(['atom', block.kind, block.indent ?? 0, ...(Object.keys(props).length > 0 ? [props] : [])]);
  }
  return JSON.stringify([
    block.kind,
    block.indent ?? 0,
    block.kind === 'heading' ? (block.level ?? 1) : 1,
    block.kind === 'check' ? (block.checked ?? false) : false,
    block.kind === 'code' ? (block.language ?? '') : '',
    contentKey(block.content),
  ]);
}

function tableKey({ header, columns, rows }: NewTable): unknown {
  return [
    header,
    columns.map(({ align, width }) => [align ?? 0, width ?? 0]),
    rows.map((cells) => columns.map((_, at) => contentKey(cells[at] ?? []))),
  ];
}

function contentKey(content: readonly NewInline[]): unknown {
  return joinInline(content).map((part) => {
    if (part.type === 'text') return [part.text, marksKey(part.marks)];
    return [part.type === 'check' ? `check ${String(part.checked)}` : embedKey(part)];
  });
}

/** The first index at which the two differ, or -1 when they are the same. */
export function firstDifference(one: readonly NewBlock[], other: readonly NewBlock[]): number {
  const length = Math.max(one.length, other.length);
  for (let index = 0; index < length; index++) {
    const [a, b] = [one[index], other[index]];
    if (!a || !b || blockKey(a) !== blockKey(b)) return index;
  }
  return -1;
}

function marksKey(marks: Marks): string {
  const { bold, italic, code, strike, highlight, link } = marks;
  return JSON.stringify([bold ?? 0, italic ?? 0, code ?? 0, strike ?? 0, highlight ?? 0, link ?? null]);
}
