// One line that was edited here while somebody else edited it, too: both edits where they lie apart. Pure; it writes nothing.

interface Edit {
  readonly from: number;
  /** Behind the last character that it replaces. */
  readonly to: number;
  readonly text: string;
}

/** What to write: `mine` came of `base`, and meanwhile `base` became `theirs`. Where both changed the same words, mine. */
export function mergedLine(base: string, mine: string, theirs: string): string {
  if (theirs === base || theirs === mine) return mine;
  if (mine === base) return theirs;
  const [own, other] = [editOf(base, mine), editOf(base, theirs)];
  const [first, second] =
    own.from < other.from || (own.from === other.from && own.to < other.to) ? [own, other] : [other, own];
  if (first.to > second.from) return mine;
  return (
    base.slice(0, first.from) + first.text + base.slice(first.to, second.from) + second.text + base.slice(second.to)
  );
}

function editOf(base: string, now: string): Edit {
  const before = [...base];
  const after = [...now];
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  const most = Math.min(before.length, after.length) - start;
  while (end < most && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  const from = before.slice(0, start).join('').length;
  const to = base.length - before.slice(before.length - end).join('').length;
  return { from, to, text: after.slice(start, after.length - end).join('') };
}
