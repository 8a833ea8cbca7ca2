// Dragging rows of the tree with the pointer, over pragmatic-drag-and-drop; where a drop goes is not decided here.
import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine';
import {
  draggable,
  dropTargetForElements,
  monitorForElements,
} from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { dropEdge, type DropEdge } from './rows.ts';

const ROW = 'page-row';

interface RowDrag {
  readonly id: string;
  readonly space: string;
  onDrag(dragging: boolean): void;
  /** The edge under the pointer while another row of the same space hangs over this one; null when it left. */
  onOver(edge: DropEdge | null): void;
  onDrop(dragged: string, edge: DropEdge): void;
}

/** Makes an element draggable and a drop target; the returned function undoes both. */
export function rowDrag(element: HTMLElement, row: RowDrag): () => void {
  const edgeAt = (y: number): DropEdge => dropEdge(element.getBoundingClientRect(), y);
  return combine(
    draggable({
      element,
      getInitialData: () => ({ type: ROW, id: row.id, space: row.space }),
      onDragStart: () => row.onDrag(true),
      onDrop: () => row.onDrag(false),
    }),
    dropTargetForElements({
      element,
      canDrop: ({ source }) => source.data['type'] === ROW && source.data['space'] === row.space,
      onDrag: ({ source, location }) => {
        row.onOver(source.data['id'] === row.id ? null : edgeAt(location.current.input.clientY));
      },
      onDragLeave: () => row.onOver(null),
      onDrop: ({ source, location }) => {
        row.onOver(null);
        const dragged = source.data['id'];
        if (typeof dragged === 'string' && dragged !== row.id)
          row.onDrop(dragged, edgeAt(location.current.input.clientY));
      },
    }),
  );
}

/** How near to an edge the pointer makes a list scroll, and how far at most in one frame, in pixels. */
const EDGE = 40;
const FASTEST = 14;

/** While a row is dragged, the list scrolls when the pointer is near its upper or lower edge; the returned function ends that. */
export function scrollAtEdges(scroller: HTMLElement): () => void {
  let pointer: number | null = null;
  let frame = requestAnimationFrame(step);
  function step(): void {
    frame = requestAnimationFrame(step);
    if (pointer === null) return;
    const { top, bottom } = scroller.getBoundingClientRect();
    const [above, below] = [top + EDGE - pointer, pointer - (bottom - EDGE)];
    if (above > 0) scroller.scrollTop -= Math.min(1, above / EDGE) * FASTEST;
    else if (below > 0) scroller.scrollTop += Math.min(1, below / EDGE) * FASTEST;
  }
  const watched = monitorForElements({
    canMonitor: ({ source }) => source.data['type'] === ROW,
    onDrag: ({ location }) => (pointer = location.current.input.clientY),
    onDrop: () => (pointer = null),
  });
  return () => {
    cancelAnimationFrame(frame);
    watched();
  };
}
