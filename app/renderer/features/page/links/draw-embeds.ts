// How pages, people and days inside text are drawn: with the names that they have now, drawn again when those change. It writes nothing.
import type { DrawNode, DrawnNode, NodeDrawings } from '../../../editor/node-views.ts';
import { dayWords, fullDay } from '../../../window/times.ts';
import { NOT_HERE, type LinkContext } from './link-context.ts';
import type { PreviewState } from './preview-state.ts';

/** What an inline thing shows. */
interface Shown {
  readonly text: string;
  /** For the tooltip and a screen reader. */
  readonly title: string;
  readonly broken: boolean;
}

/** @param editDate shows a calendar for a day that stands in the text. @param onSelectedDate hears which one the keys are on. */
export function embedDrawings(
  context: LinkContext,
  preview: PreviewState,
  editDate: (node: DrawnNode) => void,
  onSelectedDate: (node: DrawnNode | null) => void,
): NodeDrawings {
  return {
    page: drawn(context, (attributes) => shownPage(context, attributes), preview),
    mention: drawn(context, (attributes) => shownMember(context, attributes)),
    date: (node) => {
      const view = drawn(context, (attributes) => shownDay(context, attributes))(node);
      const open = (event: MouseEvent): void => {
        if (event.button === 0 && !event.shiftKey && node.editable()) editDate(node);
      };
      node.element.addEventListener('click', open);
      return {
        update: () => view.update?.(),
        selected: (is) => onSelectedDate(is ? node : null),
        dispose: () => {
          node.element.removeEventListener('click', open);
          view.dispose();
        },
      };
    },
  };
}

export function shownPage(context: LinkContext, { page, block }: Readonly<Record<string, unknown>>): Shown {
  const standing = context.standing(String(page));
  const part = typeof block === 'string' && block !== '' ? ' ¶' : '';
  switch (standing.kind) {
    case 'here': {
      const place = standing.entry ? context.pathOf(standing.entry) : 'being made';
      const title = part === '' ? place : `A place in “${standing.title}” · ${place}`;
      return { text: standing.title + part, title, broken: false };
    }
    case 'archived':
      return { text: `${standing.title} (archived)`, title: 'This page is archived. It can be read.', broken: true };
    case 'unknown':
      return { text: 'a page that is not here', title: NOT_HERE, broken: true };
  }
}

export function shownMember(context: LinkContext, { member }: Readonly<Record<string, unknown>>): Shown {
  const name = context.memberName(String(member));
  if (name === '') return { text: '@somebody', title: 'Their name is not known here.', broken: true };
  return { text: `@${name}`, title: name, broken: false };
}

function shownDay(context: LinkContext, { date }: Readonly<Record<string, unknown>>): Shown {
  const day = String(date);
  return { text: dayWords(day, context.now()), title: fullDay(day), broken: false };
}

function drawn(
  context: LinkContext,
  show: (attributes: Readonly<Record<string, unknown>>) => Shown,
  preview?: PreviewState,
): DrawNode {
  return (node) => {
    const { element } = node;
    const text = document.createElement('bdi');
    element.append(text);
    const draw = (): void => {
      const shown = show(node.attributes());
      if (text.textContent !== shown.text) text.textContent = shown.text;
      if (element.title !== shown.title) element.title = shown.title;
      element.classList.toggle('broken', shown.broken);
    };
    draw();
    if (preview) element.setAttribute('role', 'link');
    const held = context.onChange(draw);
    const page = (): string => String(node.attributes()['page']);
    const block = (): string => String(node.attributes()['block'] ?? '');
    const enter = (): void => preview?.ask(element, page(), block());
    const leave = (): void => preview?.leave(element);
    if (preview) {
      element.addEventListener('pointerenter', enter);
      element.addEventListener('pointerleave', leave);
    }
    return {
      update: draw,
      selected: (is) => (is ? enter() : leave()),
      dispose: () => {
        preview?.leave(element);
        element.removeEventListener('pointerenter', enter);
        element.removeEventListener('pointerleave', leave);
        held.dispose();
      },
    };
  };
}
