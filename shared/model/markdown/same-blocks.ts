// When two runs of blocks say the same: ids, defaults and the cutting of text into runs do not count.
import type { Marks, NewBlock, TextRun } from '../page/block.ts';

/** Text with the same marks side by side becomes one run; empty runs go. */
export function joinRuns(runs: readonly TextRun[]): TextRun[] {
  const joined: TextRun[] = [];
  for (const run of runs) {
    if (run.text === '') continue;
    const last = joined.at(-1);
    if (last && marksKey(last.marks) === marksKey(run.marks)) {
      joined[joined.length - 1] = { ...last, text: last.text + run.text };
    } else {
      joined.push(run);
    }
  }
  return joined;
}

/** One text for everything that a reader sees of a block: equal keys, equal blocks. */
export function blockKey(block: NewBlock): string {
  if (block.type === 'atom') return JSON.stringify(['atom', block.kind, block.indent ?? 0]);
  return JSON.stringify([
    block.kind,
    block.indent ?? 0,
    block.kind === 'heading' ? (block.level ?? 1) : 1,
    block.kind === 'check' ? (block.checked ?? false) : false,
    block.kind === 'code' ? (block.language ?? '') : '',
    joinRuns(block.content).map((run) => [run.text, marksKey(run.marks)]),
  ]);
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
