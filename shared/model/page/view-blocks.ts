// View order cut into the blocks that people see, and each block as plain data. The reader and the editor binding share it.
import { readAtomProps } from './atom-props.ts';
import type { AtomBlock, Block, Inline, Marks, TextKind } from './block.ts';
import { readCheck } from './check-box.ts';
import { readEmbed } from './embeds.ts';
import { itemOf, type Attributes, type Fragment } from './fragments.ts';
import { attributesFor, isAtomKind, isTextKind } from './marker.ts';

/**
 * One block in view. `fragments` hold its content in order; the first one's marker is the block's own unless the block is
 * virtual: text that has no marker of its own, because it stands before the first one or behind a divider.
 */
export interface ViewBlock {
  readonly type: 'text' | 'atom' | 'unknown';
  /** Unique in the page: a doubled or missing id gets a suffix made of its item's id. */
  readonly id: string;
  readonly virtual: boolean;
  readonly fragments: Fragment[];
}

/** The id of the paragraph that is shown before any marker has been written. */
export const START_ID = 'start';

/** Cuts fragments in view order into blocks. */
export function viewBlocks(order: readonly Fragment[]): ViewBlock[] {
  const blocks: ViewBlock[] = [];
  const taken = new Set<string>();
  const unique = (id: string | null, fragment: Fragment): string => {
    let name = id ?? `~${itemName(fragment)}`;
    if (taken.has(name)) name = `${name}~${itemName(fragment)}`;
    while (taken.has(name)) name += '~';
    taken.add(name);
    return name;
  };
  /** Continues the newest block, or, behind an atom, what may become a paragraph without a marker. */
  let tail: Fragment[] | null = null;
  let atom: ViewBlock | null = null;
  const closeAtom = (): void => {
    const first = tail?.[0];
    if (atom && tail && first && tail.some((fragment) => fragment.length > 0)) {
      blocks.push({ type: 'text', id: unique(`${atom.id}:text`, first), virtual: true, fragments: tail });
    } else if (atom && tail) {
      // Empty fragments that flow behind an atom show nothing; they go where it goes.
      atom.fragments.push(...tail.slice(1));
    }
    atom = null;
  };
  for (const fragment of order) {
    const props = fragment.props;
    if (props?.flow && tail && isTextKind(props.kind)) {
      tail.push(fragment);
      continue;
    }
    closeAtom();
    tail = [fragment];
    if (!props) {
      blocks.push({ type: 'text', id: unique(START_ID, fragment), virtual: true, fragments: tail });
    } else if (isTextKind(props.kind)) {
      blocks.push({ type: 'text', id: unique(props.id, fragment), virtual: false, fragments: tail });
    } else if (isAtomKind(props.kind)) {
      atom = { type: 'atom', id: unique(props.id, fragment), virtual: false, fragments: [fragment] };
      blocks.push(atom);
    } else {
      blocks.push({ type: 'unknown', id: unique(props.id, fragment), virtual: false, fragments: tail });
    }
  }
  closeAtom();
  return blocks;
}

/** A block in view as everybody sees it. */
export function blockOf(view: ViewBlock): Block {
  const head = view.fragments[0]?.props ?? null;
  const id = view.id;
  if (view.type === 'text') {
    const kind: TextKind = !view.virtual && head && isTextKind(head.kind) ? head.kind : 'paragraph';
    const attributes = attributesFor(kind, view.virtual ? {} : (head ?? {}));
    return { type: 'text', id, kind, ...attributes, content: contentOf(view.fragments) };
  }
  const indent = head?.indent ?? 0;
  const kind = head?.kind ?? '';
  if (view.type === 'atom' && isAtomKind(kind)) {
    const marker = view.fragments[0]?.marker;
    return { type: 'atom', id, kind, indent, props: readAtomProps(kind, (name) => marker?.get(name)) } as AtomBlock;
  }
  return { type: 'unknown', id, kind, indent, text: textOf(view.fragments) };
}

/** The inline content of fragments, text of equal marks joined. */
export function contentOf(fragments: readonly Fragment[]): Inline[] {
  const content: Inline[] = [];
  for (const fragment of fragments) {
    for (const run of fragment.runs) {
      if (typeof run.insert !== 'string') {
        content.push(readEmbed(run.insert) ?? readCheck(run.insert) ?? { type: 'unknown' });
        continue;
      }
      const marks = marksOf(run.attributes);
      const last = content.at(-1);
      if (last?.type === 'text' && sameMarks(last.marks, marks)) {
        content[content.length - 1] = { type: 'text', text: last.text + run.insert, marks };
      } else {
        content.push({ type: 'text', text: run.insert, marks });
      }
    }
  }
  return content;
}

/** The text of fragments without marks and inline things. */
export function textOf(fragments: readonly Fragment[]): string {
  let text = '';
  for (const { runs } of fragments) for (const { insert } of runs) if (typeof insert === 'string') text += insert;
  return text;
}

const NO_MARKS: Marks = Object.freeze({});
const FLAGS = ['bold', 'italic', 'code', 'strike', 'highlight'] as const;

/** The marks among attributes: values that a mark cannot have are not shown (and not touched). */
export function marksOf(attributes: Attributes): Marks {
  const marks: { -readonly [Name in keyof Marks]: Marks[Name] } = {};
  let any = false;
  for (const flag of FLAGS) {
    if (attributes[flag] !== true) continue;
    marks[flag] = true;
    any = true;
  }
  if (typeof attributes['link'] === 'string') {
    marks.link = attributes['link'];
    any = true;
  }
  return any ? marks : NO_MARKS;
}

export function sameMarks(a: Marks, b: Marks): boolean {
  return a === b || (a.link === b.link && FLAGS.every((flag) => a[flag] === b[flag]));
}

function itemName(fragment: Fragment): string {
  const item = fragment.marker && itemOf(fragment.marker);
  return item ? `${String(item.id.client)}.${String(item.id.clock)}` : START_ID;
}
