// The changed blocks of a version, and one line of words for each. It draws nothing.
import type { VersionBlockEntry } from '../../../contract/history.ts';
import { numberLabel, numbersOf } from '../../editor/numbering.ts';

export function changesOf(blocks: readonly VersionBlockEntry[]): readonly VersionBlockEntry[] {
  return blocks.filter(({ change }) => change !== 'same');
}

/** How the ordered items of a version are numbered: what is gone as it was, everything else as it is then. */
export function numbersIn(blocks: readonly VersionBlockEntry[]): ReadonlyMap<VersionBlockEntry, string> {
  const labels = new Map<VersionBlockEntry, string>();
  for (const left of ['in', 'out']) {
    const there = blocks.filter(({ change }) => change !== left);
    const numbers = numbersOf(there.map(({ indent, kind }) => ({ indent, ordered: kind === 'ordered' })));
    for (const [at, number] of numbers) {
      const block = there[at];
      if (block) labels.set(block, numberLabel(number, block.indent));
    }
  }
  return labels;
}

const WORDS: Readonly<Record<VersionBlockEntry['change'], string>> = {
  same: '',
  in: 'Added',
  out: 'Removed',
  changed: 'Changed',
  moved: 'Moved',
};
const KINDS: Readonly<Record<string, string>> = {
  paragraph: 'text',
  bullet: 'list item',
  ordered: 'numbered item',
  check: 'check item',
  raw: 'Markdown',
  done: '“I have done this”',
  thread: 'discussion',
};

export function kindInWords(kind: string): string {
  return KINDS[kind] ?? kind;
}

/** "Added", "Was heading 2". */
export function changeInWords({ change, wasKind }: VersionBlockEntry): string {
  return wasKind === null ? WORDS[change] : `Was ${kindInWords(wasKind)}`;
}

/** "Removed: The dish must stay", "Changed: track → rail". */
export function titleOfChange(block: VersionBlockEntry): string {
  const of = (...changes: readonly string[]): string => {
    const pieces = block.pieces.filter(({ change }) => changes.includes(change));
    return pieces
      .map(({ text }) => text)
      .join(' ')
      .trim()
      .slice(0, 120);
  };
  const [gone, come] = [of('out'), of('in')];
  const changed = gone !== '' && come !== '' ? `${gone} → ${come}` : gone || come;
  const text = block.change === 'changed' && changed !== '' ? changed : of('same', 'marks', 'in', 'out');
  return `${changeInWords(block)}: ${text || kindInWords(block.kind)}`;
}
