// Editor states from a few letters, and back, for tests of commands: no view, no binding, no Yjs.
import type { Node } from 'prosemirror-model';
import { EditorState, TextSelection, type Command } from 'prosemirror-state';
import { pageSchema } from '../../app/renderer/editor/schema.ts';

/**
 * A page from lines of `kind text`, indented by two spaces a level; `|` is the caret, two of them a selection.
 * `h2 Title`, `- item`, `1. item`, `[ ] item`, `[x] item`, `> quote`, `! callout`, `code text`, `raw text`, `---`, else a paragraph.
 * `\n` in a line (backslash and n) is a line break inside the block.
 */
export function stateOf(...lines: string[]): EditorState {
  const carets: number[] = [];
  let pos = 0;
  const blocks = lines.map((line, index) => {
    const indent = (/^ */.exec(line)?.[0].length ?? 0) / 2;
    const id = `block-${String(index)}`;
    const trimmed = line.slice(indent * 2);
    if (trimmed === '---') {
      pos += 1;
      return pageSchema.node('divider', { id, indent });
    }
    const { attributes, text } = shapeOf(trimmed);
    let clean = '';
    for (const character of text.replaceAll('\\n', '\n')) {
      if (character === '|') carets.push(pos + 1 + clean.length);
      else clean += character;
    }
    const node = pageSchema.node('block', { ...attributes, id, indent }, clean === '' ? [] : [pageSchema.text(clean)]);
    pos += node.nodeSize;
    return node;
  });
  const doc = pageSchema.node('doc', null, blocks);
  const [anchor, head = anchor] = carets;
  const selection = anchor === undefined ? undefined : TextSelection.create(doc, anchor, head);
  return EditorState.create(selection ? { doc, selection } : { doc });
}

function shapeOf(line: string): { attributes: Record<string, unknown>; text: string } {
  const heading = /^h([1-6]) ?(.*)$/s.exec(line);
  if (heading) return { attributes: { kind: 'heading', level: Number(heading[1]) }, text: heading[2] ?? '' };
  const check = /^\[([ x])\] ?(.*)$/s.exec(line);
  if (check) return { attributes: { kind: 'check', checked: check[1] === 'x' }, text: check[2] ?? '' };
  const named = /^(-|1\.|>|!|code|raw) ?(.*)$/s.exec(line);
  const kinds: Record<string, string> = { '-': 'bullet', '1.': 'ordered', '>': 'quote', '!': 'callout' };
  if (named) return { attributes: { kind: kinds[named[1] ?? ''] ?? named[1] }, text: named[2] ?? '' };
  return { attributes: { kind: 'paragraph' }, text: line };
}

/** The page and its selection in the letters of `stateOf`. */
export function linesOf(state: EditorState): string[] {
  const { anchor, head, empty } = state.selection;
  const lines: string[] = [];
  state.doc.forEach((node, offset) => {
    const lead = '  '.repeat(Number(node.attrs['indent']));
    if (!node.isTextblock) {
      lines.push(`${lead}---`);
      return;
    }
    let text = node.textContent;
    const points = empty ? [head] : [anchor, head].sort((a, b) => b - a);
    for (const point of points) {
      const at = point - offset - 1;
      if (at >= 0 && at <= node.content.size) text = `${text.slice(0, at)}|${text.slice(at)}`;
    }
    lines.push(`${lead}${[signOf(node), text.replaceAll('\n', '\\n')].filter((part) => part !== '').join(' ')}`);
  });
  return lines;
}

function signOf(node: Node): string {
  const { kind, level, checked } = node.attrs as { kind: string; level: number; checked: boolean };
  if (kind === 'heading') return `h${String(level)}`;
  if (kind === 'check') return checked ? '[x]' : '[ ]';
  const signs: Record<string, string> = {
    bullet: '-',
    ordered: '1.',
    quote: '>',
    callout: '!',
    code: 'code',
    raw: 'raw',
  };
  return signs[kind] ?? '';
}

/** The page after a command, or null when the command does not apply. */
export function after(state: EditorState, command: Command): string[] | null {
  const next = stateAfter(state, command);
  return next && linesOf(next);
}

/** The state after a command, or null when the command does not apply. */
export function stateAfter(state: EditorState, command: Command): EditorState | null {
  let next = state;
  return command(state, (tr) => (next = next.apply(tr))) ? next : null;
}

/** The kinds of the steps that a command takes. */
export function stepsOf(state: EditorState, command: Command): string[] {
  const names: string[] = [];
  command(state, (tr) => names.push(...tr.steps.map((step) => String(step.toJSON().stepType))));
  return names;
}
