// What differs between two texts, word by word: units of content as words, and the words of one that the other lacks. No page, no author.
import type { Unit } from './block-units.ts';
import { sameAttributes } from './fragments.ts';

export interface Word {
  /** Text, or '' for an inline thing. */
  readonly text: string;
  readonly units: readonly Unit[];
}

export interface WordChange {
  readonly change: 'same' | 'in' | 'out' | 'marks';
  readonly word: Word;
}

/** More than so many pairs are not compared: then all of it was replaced. */
const MOST_PAIRS = 4_000_000;
const WORD = /[\p{L}\p{N}\p{M}_]/u;
/** Scripts without spaces: each letter is compared by itself. */
const ALONE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;

export function wordsOf(units: readonly Unit[]): Word[] {
  const words: { text: string; units: Unit[] }[] = [];
  let kind = '';
  for (const unit of units) {
    const { insert } = unit;
    const last = words.at(-1);
    const now = typeof insert !== 'string' ? 'thing' : kindOf(insert);
    // The second half of a letter outside the first plane belongs to the first.
    const half = typeof insert === 'string' && /^[\uDC00-\uDFFF]$/.test(insert);
    if (last && (half || (now === kind && (now === 'word' || now === 'space')))) {
      last.text += insert as string;
      last.units.push(unit);
    } else words.push({ text: typeof insert === 'string' ? insert : '', units: [unit] });
    if (!half) kind = now;
  }
  return words;
}

function kindOf(letter: string): string {
  if (/[\uD800-\uDBFF]/.test(letter)) return 'other';
  if (ALONE.test(letter)) return 'alone';
  if (WORD.test(letter)) return 'word';
  return letter === '\n' ? 'line' : /\s/.test(letter) ? 'space' : 'other';
}

/** In reading order: what went stands before what came in its place. */
export function compareWords(before: readonly Word[], after: readonly Word[]): WordChange[] {
  let start = 0;
  while (start < before.length && start < after.length && same(before[start], after[start])) start += 1;
  let end = 0;
  while (
    end < before.length - start &&
    end < after.length - start &&
    same(before[before.length - 1 - end], after[after.length - 1 - end])
  ) {
    end += 1;
  }
  const kept = (word: Word, at: number): WordChange => ({
    change: marksDiffer(before[at], word) ? 'marks' : 'same',
    word,
  });
  const [old, fresh] = [before.slice(start, before.length - end), after.slice(start, after.length - end)];
  const tail = before.length - after.length;
  return [
    ...after.slice(0, start).map(kept),
    ...between(old, fresh),
    ...after.slice(after.length - end).map((word, at) => kept(word, after.length - end + at + tail)),
  ];
}

function between(before: readonly Word[], after: readonly Word[]): WordChange[] {
  const [rows, columns] = [before.length, after.length];
  const out = (word: Word): WordChange => ({ change: 'out', word });
  const into = (word: Word): WordChange => ({ change: 'in', word });
  if (rows * columns > MOST_PAIRS || rows === 0 || columns === 0) return [...before.map(out), ...after.map(into)];
  const width = columns + 1;
  const table = new Uint32Array((rows + 1) * width);
  for (let row = rows - 1; row >= 0; row -= 1) {
    for (let column = columns - 1; column >= 0; column -= 1) {
      table[row * width + column] = same(before[row], after[column])
        ? (table[(row + 1) * width + column + 1] ?? 0) + 1
        : Math.max(table[(row + 1) * width + column] ?? 0, table[row * width + column + 1] ?? 0);
    }
  }
  const changes: WordChange[] = [];
  let [row, column] = [0, 0];
  while (row < rows || column < columns) {
    const [old, fresh] = [before[row], after[column]];
    if (old && fresh && same(old, fresh)) {
      changes.push({ change: marksDiffer(old, fresh) ? 'marks' : 'same', word: fresh });
      row += 1;
      column += 1;
    } else if (old && (!fresh || (table[(row + 1) * width + column] ?? 0) >= (table[row * width + column + 1] ?? 0))) {
      changes.push(out(old));
      row += 1;
    } else if (fresh) {
      changes.push(into(fresh));
      column += 1;
    } else break;
  }
  return joinOverSpaces(changes);
}

/** A lone space that stayed between two words that did not is part of what was replaced: it reads as one change. */
function joinOverSpaces(changes: readonly WordChange[]): WordChange[] {
  const found: WordChange[] = [];
  let group: { out: Word[]; in: Word[] } | null = null;
  const flush = (): void => {
    if (!group) return;
    found.push(...group.out.map((word): WordChange => ({ change: 'out', word })));
    found.push(...group.in.map((word): WordChange => ({ change: 'in', word })));
    group = null;
  };
  for (const [at, one] of changes.entries()) {
    if (one.change === 'in' || one.change === 'out') {
      group ??= { out: [], in: [] };
      group[one.change].push(one.word);
      continue;
    }
    const next = changes[at + 1]?.change;
    const lone =
      group !== null && one.change === 'same' && /^\s$/.test(one.word.text) && (next === 'in' || next === 'out');
    if (lone && group && group.out.length > 0 && group.in.length > 0) {
      group.out.push(one.word);
      group.in.push(one.word);
    } else {
      flush();
      found.push(one);
    }
  }
  flush();
  return found;
}

function same(a: Word | undefined, b: Word | undefined): boolean {
  if (!a || !b) return false;
  if (a.text !== '' || b.text !== '') return a.text === b.text;
  const [one, other] = [a.units[0], b.units[0]];
  return one?.client === other?.client && one?.clock === other?.clock;
}

function marksDiffer(a: Word | undefined, b: Word | undefined): boolean {
  const [one, other] = [a?.units[0], b?.units[0]];
  return one !== undefined && other !== undefined && !sameAttributes(one.attributes, other.attributes);
}
