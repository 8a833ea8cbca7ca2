// The Markdown shortcuts as pure functions: what the text before the caret turns into. When they run is not decided here.
import { TextSelection, type EditorState, type Transaction } from 'prosemirror-state';
import { blockAtCaret, isText, isVerbatim, kindOf, type PlacedBlock } from './blocks.ts';
import { retype, writeDivider, type KindChoice } from './commands/kinds.ts';
import type { MarkName } from './commands/marks.ts';

/** How far back a shortcut may reach. */
const MAX_REACH = 500;

interface BlockRule {
  readonly pattern: RegExp;
  /** Kinds in which the shortcut counts. */
  readonly within: readonly string[];
  readonly choice: (match: RegExpExecArray) => KindChoice & { readonly checked?: true };
}

const PLAIN = ['paragraph', 'heading'] as const;
const LISTS = ['bullet', 'ordered', 'check'] as const;

const BLOCK_RULES: readonly BlockRule[] = [
  {
    pattern: /^(#{1,6}) $/,
    within: PLAIN,
    choice: (match) => ({ kind: 'heading', level: match[1]?.length ?? 1 }),
  },
  { pattern: /^[-*+] $/, within: [...PLAIN, 'ordered'], choice: () => ({ kind: 'bullet' }) },
  { pattern: /^\d{1,3}[.)] $/, within: [...PLAIN, 'bullet'], choice: () => ({ kind: 'ordered' }) },
  { pattern: /^\[ ?\] $/, within: [...PLAIN, ...LISTS], choice: () => ({ kind: 'check' }) },
  { pattern: /^\[[xX]\] $/, within: [...PLAIN, ...LISTS], choice: () => ({ kind: 'check', checked: true }) },
  { pattern: /^> $/, within: PLAIN, choice: () => ({ kind: 'quote' }) },
  { pattern: /^```$/, within: PLAIN, choice: () => ({ kind: 'code' }) },
];

const MARK_RULES: readonly { readonly pattern: RegExp; readonly mark: MarkName; readonly width: number }[] = [
  { pattern: /(?:^|[^*])\*\*([^*\s](?:[^*]*[^*\s])?)\*\*$/, mark: 'bold', width: 2 },
  { pattern: /(?:^|[^*\p{L}\p{N}])\*([^*\s](?:[^*]*[^*\s])?)\*$/u, mark: 'italic', width: 1 },
  { pattern: /(?:^|[^`])`([^`]+)`$/, mark: 'code', width: 1 },
  { pattern: /(?:^|[^~])~~([^~\s](?:[^~]*[^~\s])?)~~$/, mark: 'strike', width: 2 },
  { pattern: /(?:^|[^=])==([^=\s](?:[^=]*[^=\s])?)==$/, mark: 'highlight', width: 2 },
];

/**
 * The change that a shortcut just typed before the caret stands for, or null. Only attribute, mark and plain delete
 * steps: what a colleague writes in the same block at the same time survives.
 */
export function shortcutAt(state: EditorState): Transaction | null {
  const block = blockAtCaret(state);
  if (!block || !isText(block.node) || isVerbatim(block.node)) return null;
  const offset = state.selection.$from.parentOffset;
  const before = block.node.textBetween(Math.max(0, offset - MAX_REACH), offset, undefined, '\ufffc');
  return (offset <= MAX_REACH ? blockShortcut(state, block, before) : null) ?? markShortcut(state, before);
}

function blockShortcut(state: EditorState, block: PlacedBlock, before: string): Transaction | null {
  const { tr } = state;
  if (before === '---' && block.node.content.size === 3 && kindOf(block.node) === 'paragraph') {
    tr.delete(block.pos + 1, block.pos + 4);
    return writeDivider(state, tr, block.index);
  }
  for (const rule of BLOCK_RULES) {
    const match = rule.pattern.exec(before);
    if (!match || !rule.within.includes(kindOf(block.node))) continue;
    const { checked, ...choice } = rule.choice(match);
    tr.delete(block.pos + 1, block.pos + 1 + before.length);
    retype(tr, block, choice);
    if (checked) tr.setNodeAttribute(block.pos, 'checked', true);
    return tr;
  }
  return null;
}

/** The same for cells of a table, where nothing can become another block: marks, and a box to tick. */
export function inlineShortcutAt(state: EditorState): Transaction | null {
  const { empty, $from } = state.selection;
  if (!empty) return null;
  const offset = $from.parentOffset;
  const before = $from.parent.textBetween(Math.max(0, offset - MAX_REACH), offset, undefined, '\ufffc');
  return boxShortcut(state, before) ?? markShortcut(state, before);
}

function boxShortcut(state: EditorState, before: string): Transaction | null {
  const box = /(?:^|\s)\[([ xX]?)\] $/.exec(before);
  const type = state.schema.nodes.check;
  if (!box || !type) return null;
  const end = state.selection.from - 1;
  const length = (box[1]?.length ?? 0) + 2;
  return state.tr.replaceWith(end - length, end, type.create({ checked: /[xX]/.test(box[1] ?? '') }));
}

function markShortcut(state: EditorState, before: string): Transaction | null {
  const code = state.schema.marks.code;
  const caret = state.selection.from;
  if (code && state.doc.rangeHasMark(caret - 1, caret, code)) return null;
  for (const { pattern, mark, width } of MARK_RULES) {
    const inner = pattern.exec(before)?.[1];
    const type = state.schema.marks[mark];
    if (inner === undefined || !type) continue;
    const end = caret - width;
    const start = end - inner.length;
    if (code && state.doc.rangeHasMark(start - width, caret, code)) return null;
    const { tr } = state;
    tr.delete(end, caret);
    tr.delete(start - width, start);
    tr.addMark(start - width, end - width, type.create());
    tr.setSelection(TextSelection.create(tr.doc, end - width));
    return tr.removeStoredMark(type);
  }
  return null;
}

const LANGUAGES: ReadonlySet<string> = new Set(
  (
    'bash c cpp cs csharp css diff dockerfile go graphql haskell html ini java javascript js json jsx kotlin latex lua ' +
    'makefile markdown md php powershell python py ruby rb rust rs scala sh shell sql svelte swift toml ts tsx ' +
    'typescript vue xml yaml yml zig'
  ).split(' '),
);

/** Whether a word alone on the first line of a new code block names its language, as in "```ts". */
export function isLanguageName(word: string): boolean {
  return LANGUAGES.has(word);
}
