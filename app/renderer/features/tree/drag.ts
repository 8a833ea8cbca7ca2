// Dragging rows of the tree with the pointer, over pragmatic-drag-and-drop; where a drop goes is not decided here.
import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine';
import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
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
