// A cell that nobody here writes in: its words as elements, with the carets of others. What is written in is an editor of its own.
import { DOMSerializer, Fragment, type Node as PageNode } from 'prosemirror-model';
import type * as Y from 'yjs';
import type { Disposable } from '../../../../shared/base/disposable.ts';
import type { Embed } from '../../../../shared/model/page/block.ts';
import { textContent } from '../../../../shared/model/page/table-content.ts';
import type { CellText } from '../../../../shared/model/page/table-read.ts';
import { embedOf, inlineNode } from '../binding/nodes.ts';
import type { PageBinding } from '../binding/page-binding.ts';
import { caretElement } from '../cursors.ts';
import type { DrawnNode, NodeDrawings } from '../node-views.ts';
import { pageSchema } from '../schema.ts';

/** Somebody's caret in a text. */
export interface RemoteCaret {
  readonly text: Y.Text;
  readonly index: number;
  readonly member: string;
  readonly name: string;
}

/** Who draws inline things. */
export interface Drawers {
  readonly drawings: NodeDrawings;
  readonly page: PageBinding;
}

const serializer = DOMSerializer.fromSchema(pageSchema);
const shownEmbeds = new WeakMap<Element, Embed>();
const drawnIn = new WeakMap<Element, Disposable[]>();

/** One element a text, as the editor of the cell would show it. */
export function cellElements(
  texts: readonly CellText[],
  carets: readonly RemoteCaret[],
  drawers: Drawers,
): HTMLElement[] {
  if (texts.length === 0) return [textElement([], drawers)];
  return texts.map(({ text }) => {
    const element = textElement(textContent(text).map(inlineNode), drawers);
    const here = carets.filter((caret) => caret.text === text);
    // From the last to the first, so that an offset is still one of the text alone.
    for (const caret of [...here].sort((a, b) => b.index - a.index)) putCaret(element, caret);
    return element;
  });
}

/** The inline thing that an element of a cell shows, or null. */
export function embedShownBy(element: Element | null): Embed | null {
  return (element && shownEmbeds.get(element)) ?? null;
}

/** To be called before a cell's elements go. */
export function disposeDrawings(cell: Element): void {
  for (const text of cell.children) {
    for (const drawing of drawnIn.get(text) ?? []) drawing.dispose();
    drawnIn.delete(text);
  }
}

function textElement(nodes: readonly PageNode[], { drawings, page }: Drawers): HTMLElement {
  const element = document.createElement('div');
  element.className = 'cell-text';
  serializer.serializeFragment(Fragment.fromArray([...nodes]), { document }, element);
  const embeds = nodes.flatMap((node) => embedOf(node) ?? []);
  const drawn: Disposable[] = [];
  for (const [at, shown] of [...element.querySelectorAll<HTMLElement>('.embed')].entries()) {
    const embed = embeds[at];
    if (!embed) continue;
    shownEmbeds.set(shown, embed);
    const draw = drawings[embed.type];
    if (!draw) continue;
    shown.replaceChildren();
    drawn.push(draw(still(shown, embed, page)));
  }
  if (drawn.length > 0) drawnIn.set(element, drawn);
  const last = nodes.at(-1);
  if (!last || last.text?.endsWith('\n')) element.append(document.createElement('br'));
  return element;
}

/** An inline thing that is only looked at: a click puts the caret beside it, and then the editor of the cell draws it. */
function still(element: HTMLElement, embed: Embed, binding: PageBinding): DrawnNode {
  const nothing = (): void => undefined;
  return {
    element,
    kind: embed.type,
    id: () => '',
    attributes: () => ({ ...embed }),
    editable: () => false,
    set: nothing,
    select: nothing,
    leave: nothing,
    remove: nothing,
    run: () => false,
    binding,
  };
}

function putCaret(element: HTMLElement, caret: RemoteCaret): void {
  const mark = caretElement(caret.member, caret.name);
  let left = caret.index;
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_ALL);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node instanceof Text ? node : null;
    // An embed counts one, whatever it says.
    const length = text ? text.length : isEmbed(node) ? 1 : 0;
    if (length === 0 || insideEmbed(node, element)) continue;
    if (left > length) {
      left -= length;
      continue;
    }
    if (text) text.splitText(left).before(mark);
    else (node as Element).after(mark);
    return;
  }
  element.prepend(mark);
}

function isEmbed(node: Node): boolean {
  return node instanceof HTMLElement && node.contentEditable === 'false';
}

function insideEmbed(node: Node, root: Element): boolean {
  for (let at = node.parentNode; at && at !== root; at = at.parentNode) if (isEmbed(at)) return true;
  return false;
}
