// Dragging cards and columns with the pointer, over pragmatic-drag-and-drop; where a drop goes is decided by the lists.
import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine';
import {
  draggable,
  dropTargetForElements,
  monitorForElements,
} from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { setCustomNativeDragPreview } from '@atlaskit/pragmatic-drag-and-drop/element/set-custom-native-drag-preview';

const CARD = 'board-card';
const COLUMN = 'board-column';

/** Makes a card draggable; the returned function undoes it. `ids`: what goes along, this card among them. */
export function cardDrag(
  element: HTMLElement,
  card: { readonly id: string; ids(): readonly string[]; onStart(ids: readonly string[]): void; onEnd(): void },
): () => void {
  return draggable({
    element,
    getInitialData: () => ({ type: CARD, id: card.id, height: element.offsetHeight, ids: card.ids() }),
    onGenerateDragPreview: ({ nativeSetDragImage, location }) => {
      const count = card.ids().length;
      setCustomNativeDragPreview({
        nativeSetDragImage,
        getOffset: () => {
          const { left, top } = element.getBoundingClientRect();
          const { clientX, clientY } = location.current.input;
          return { x: Math.min(clientX - left, WIDEST_LIFTED) + LIFTED_PADDING, y: clientY - top + LIFTED_PADDING };
        },
        render: ({ container }) => drawLifted(container, element, count),
      });
    },
    onDragStart: () => card.onStart(card.ids()),
    onDrop: () => card.onEnd(),
  });
}

/** Around a lifted card, for its shadow and its corners. */
const LIFTED_PADDING = 24;
/** A line of the list is wider than what a hand can carry. */
const WIDEST_LIFTED = 420;

/** A copy of the card as it looks while it hangs on the pointer. */
function drawLifted(container: HTMLElement, card: HTMLElement, count: number): void {
  const copy = card.cloneNode(true) as HTMLElement;
  copy.removeAttribute('id');
  copy.classList.add('lifted');
  Object.assign(copy.style, { position: 'static', width: `${Math.min(WIDEST_LIFTED, card.offsetWidth)}px` });
  const ground = document.createElement('div');
  ground.className = 'lifted-ground';
  ground.style.padding = `${LIFTED_PADDING}px`;
  ground.append(copy);
  if (count > 1) {
    const badge = document.createElement('span');
    badge.className = 'lifted-count';
    badge.textContent = String(count);
    ground.append(badge);
  }
  container.append(ground);
}

export interface CardOver {
  readonly ids: readonly string[];
  readonly height: number;
  /** Of the pointer, from the left and the top of the window. */
  readonly x: number;
  readonly y: number;
}

/** A list that cards are dropped on. */
export function cardTarget(
  element: HTMLElement,
  list: { onOver(over: CardOver | null): void; onDrop(over: CardOver): void },
): () => void {
  const over = (data: Record<string | symbol, unknown>, input: { clientX: number; clientY: number }): CardOver => ({
    ids: Array.isArray(data['ids']) ? (data['ids'] as readonly string[]) : [],
    height: typeof data['height'] === 'number' ? data['height'] : 60,
    x: input.clientX,
    y: input.clientY,
  });
  return dropTargetForElements({
    element,
    canDrop: ({ source }) => source.data['type'] === CARD,
    onDrag: ({ source, location }) => list.onOver(over(source.data, location.current.input)),
    onDragLeave: () => list.onOver(null),
    onDrop: ({ source, location }) => {
      list.onOver(null);
      list.onDrop(over(source.data, location.current.input));
    },
  });
}

/** A column's header is what it is dragged by; it is dropped beside another column. */
export function columnDrag(
  element: HTMLElement,
  handle: HTMLElement,
  column: {
    readonly id: string;
    onOver(side: 'before' | 'behind' | null): void;
    onDrop(dragged: string, side: 'before' | 'behind'): void;
  },
): () => void {
  const sideAt = (x: number): 'before' | 'behind' => {
    const { left, width } = element.getBoundingClientRect();
    return x < left + width / 2 ? 'before' : 'behind';
  };
  return combine(
    draggable({ element, dragHandle: handle, getInitialData: () => ({ type: COLUMN, id: column.id }) }),
    dropTargetForElements({
      element,
      canDrop: ({ source }) => source.data['type'] === COLUMN && source.data['id'] !== column.id,
      onDrag: ({ location }) => column.onOver(sideAt(location.current.input.clientX)),
      onDragLeave: () => column.onOver(null),
      onDrop: ({ source, location }) => {
        column.onOver(null);
        const dragged = source.data['id'];
        if (typeof dragged === 'string') column.onDrop(dragged, sideAt(location.current.input.clientX));
      },
    }),
  );
}

/** How near to an edge the pointer makes a region scroll, and how far at most in one frame, in pixels. */
const EDGE = 48;
const FASTEST = 16;

/** While something of a board is dragged, the region scrolls when the pointer is near its edges; the returned function ends that. */
export function scrollWhileDragged(scroller: HTMLElement, axis: 'x' | 'y' | 'both'): () => void {
  let pointer: { readonly x: number; readonly y: number } | null = null;
  let frame = 0;
  const pull = (from: number, to: number, at: number): number => {
    const [before, behind] = [from + EDGE - at, at - (to - EDGE)];
    return (before > 0 ? -Math.min(1, before / EDGE) : behind > 0 ? Math.min(1, behind / EDGE) : 0) * FASTEST;
  };
  function step(): void {
    frame = requestAnimationFrame(step);
    if (!pointer) return;
    const { top, bottom, left, right } = scroller.getBoundingClientRect();
    if (pointer.x < left || pointer.x > right || pointer.y < top || pointer.y > bottom) return;
    if (axis !== 'x') scroller.scrollTop += pull(top, bottom, pointer.y);
    if (axis !== 'y') scroller.scrollLeft += pull(left, right, pointer.x);
  }
  const end = (): void => {
    pointer = null;
    cancelAnimationFrame(frame);
  };
  const watched = monitorForElements({
    canMonitor: ({ source }) => source.data['type'] === CARD || source.data['type'] === COLUMN,
    onDragStart: () => (frame = requestAnimationFrame(step)),
    onDrag: ({ location: { current } }) => (pointer = { x: current.input.clientX, y: current.input.clientY }),
    onDrop: end,
  });
  return () => {
    end();
    watched();
  };
}
