// A board in a page as the lines between fences (docs/documents.md, PG19): its title and address, then a line for each choice. Cards are not in it.
import { DUE_CHOICES } from '../board/look.ts';
import { storedAtomProps } from '../page/atom-props.ts';
import { BOARD_SHAPES, type BoardProps, type NewAtom } from '../page/block.ts';
import { readPageLink } from '../page/page-link.ts';

export const BOARD_FENCE = 'caravan-board';
/** What stands for "of nobody" and "without any": no id has brackets. */
const NOBODY = '(nobody)';
const NONE = '(none)';

/** What it says beside the board itself. */
export function boardLines({ view, shape, words, members, labels, due }: BoardProps): readonly string[] {
  return [
    ...(view === '' ? [] : [`view ${view}`]),
    ...(shape === 'columns' ? [] : [shape]),
    ...(words === '' ? [] : [`words ${words}`]),
    ...members.map((member) => `for ${member === '' ? NOBODY : member}`),
    ...labels.map((label) => `label ${label === '' ? NONE : label}`),
    ...due.map((choice) => `due ${choice}`),
  ];
}

/** The block that the lines are, or null where they say something else. `lead` says where an address leads; null for nowhere here. */
export function readBoardLines(lines: readonly string[], lead: (url: string) => string | null): NewAtom | null {
  if (lines.length === 0) return { type: 'atom', kind: 'board' };
  const [, url = '', ...rules] = lines;
  const address = readPageLink(lead(url) ?? '');
  if (address?.anchor !== '') return null;
  const given = { board: address.page, members: [] as string[], labels: [] as string[], due: [] as string[] };
  const said: Record<string, unknown> = given;
  for (const rule of rules) {
    const [name = '', value = ''] = [rule.split(' ', 1)[0], rule.slice(rule.indexOf(' ') + 1)];
    if (name === 'for') given.members.push(value === NOBODY ? '' : value);
    else if (name === 'label') given.labels.push(value === NONE ? '' : value);
    else if (name === 'due' && (DUE_CHOICES as readonly string[]).includes(value)) given.due.push(value);
    else if (name === 'view' || name === 'words') said[name] = value;
    else if ((BOARD_SHAPES as readonly string[]).includes(rule)) said['shape'] = rule;
    else return null;
  }
  const props = storedAtomProps('board', said);
  const block = { type: 'atom', kind: 'board', props } as unknown as NewAtom & { readonly props: BoardProps };
  // What a board in a page cannot say stays code, letter by letter.
  const again = boardLines({ ...PLAIN, ...block.props });
  return again.length === rules.length && again.every((line, at) => line === rules[at]) ? block : null;
}

const PLAIN: BoardProps = { board: '', view: '', shape: 'columns', words: '', members: [], labels: [], due: [] };
