// What the search field offers at the caret: conditions that begin so, and what can stand behind one. Pure; names are the caller's.
import { Folder } from './fold.ts';
import { HAS, IS, isOperator, OPERATORS, TYPES, type Operator } from './query.ts';

export interface Completion {
  /** As it is shown. */
  readonly label: string;
  readonly hint: string;
  /** What takes the place of [from, to); a condition that is whole ends with a space. */
  readonly insert: string;
  readonly from: number;
  readonly to: number;
}

export interface Names {
  readonly spaces: readonly string[];
  readonly pages: readonly string[];
  readonly members: readonly string[];
  readonly tags: readonly string[];
}

const HINTS: Readonly<Record<Operator, string>> = {
  in: 'a space, or a page with what is below it',
  by: 'who wrote it',
  type: 'page, board, card, thread, comment…',
  tag: 'a tag, topic or label',
  has: 'file',
  before: 'a day',
  after: 'a day',
  is: 'unanswered, open, done, archived…',
};
const DAYS = ['today', 'yesterday', '7d', '4w', '3m', '1y'];
const MOST = 14;
/** Letters of a word before conditions are offered for it. */
const LEAST = 2;

export function completionsAt(text: string, caret: number, names: Names): readonly Completion[] {
  const before = text.slice(0, caret);
  const valued = /(?:^|\s)-?([a-z]+):(?:"([^"]*)|([^\s"]*))$/i.exec(before);
  const op = valued?.[1]?.toLowerCase() ?? '';
  if (valued && isOperator(op)) {
    const typed = valued[2] ?? valued[3] ?? '';
    const from = caret - typed.length - (valued[2] === undefined ? 0 : 1);
    return valuesOf(op, names, typed).map((value) => ({
      label: value,
      hint: '',
      insert: `${/[\s"]/.test(value) ? `"${value.replaceAll('"', '')}"` : value} `,
      from,
      to: caret,
    }));
  }
  const word = /(?:^|\s)-?([a-z]+)$/i.exec(before)?.[1]?.toLowerCase() ?? '';
  if (word.length < LEAST) return [];
  return OPERATORS.filter((one) => one.startsWith(word)).map((one) => ({
    label: `${one}:`,
    hint: HINTS[one],
    insert: `${one}:`,
    from: caret - word.length,
    to: caret,
  }));
}

function valuesOf(op: Operator, names: Names, typed: string): readonly string[] {
  switch (op) {
    case 'in':
      return beginning([...names.spaces, ...names.pages], typed);
    case 'by':
      return beginning(['me', ...names.members], typed);
    case 'tag':
      return beginning(names.tags, typed);
    case 'type':
      return beginning(TYPES, typed);
    case 'has':
      return beginning(HAS, typed);
    case 'is':
      return beginning(IS, typed);
    case 'before':
    case 'after':
      return beginning(DAYS, typed);
  }
}

/** Those that begin so before those of which a later word does; what is whole already is not offered. */
function beginning(values: readonly string[], typed: string): readonly string[] {
  const folder = new Folder();
  const wanted = folder.fold(typed);
  const [first, later]: [string[], string[]] = [[], []];
  for (const value of new Set(values)) {
    if (value.trim() === '' || first.length >= MOST) continue;
    const folded = folder.fold(value);
    if (folded === wanted) continue;
    if (folded.startsWith(wanted)) first.push(value);
    else if (later.length < MOST && folded.includes(` ${wanted}`)) later.push(value);
  }
  return [...first, ...later].slice(0, MOST);
}
