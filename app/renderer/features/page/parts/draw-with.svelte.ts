// A Svelte component as the drawing of a kind: mounted into the node's element, told of changes by its props.
import { mount, unmount, type Component } from 'svelte';
import type { DrawNode, DrawnNode } from '../../../editor/node-views.ts';

export interface DrawingProps {
  /** What may be asked and done; its getters do not notify, the props beside it do. */
  readonly node: DrawnNode;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly editable: boolean;
  /** Selected as a whole. */
  readonly selected: boolean;
}

/** @param keepsEvent true for an event inside the drawing that the editor must leave alone. */
export function drawWith(
  component: Component<DrawingProps>,
  contexts: Map<unknown, unknown>,
  keepsEvent?: (event: Event) => boolean,
): DrawNode {
  return (node) => {
    let attributes = $state.raw(node.attributes());
    let editable = $state(node.editable());
    let selected = $state(false);
    const mounted = mount(component, {
      target: node.element,
      context: contexts,
      props: {
        node,
        get attributes() {
          return attributes;
        },
        get editable() {
          return editable;
        },
        get selected() {
          return selected;
        },
      },
    });
    return {
      update() {
        attributes = node.attributes();
        editable = node.editable();
      },
      selected: (is) => (selected = is),
      ...(keepsEvent ? { keepsEvent } : {}),
      dispose: () => void unmount(mounted),
    };
  };
}
