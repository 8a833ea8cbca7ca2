// The changed blocks of a version, and one line of words for each. It draws nothing.
import type { VersionBlockEntry } from '../../../contract/history.ts';

export function changesOf(blocks: readonly VersionBlockEntry[]): readonly VersionBlockEntry[] {
  return blocks.filter(({ change }) => change !== 'same');
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
