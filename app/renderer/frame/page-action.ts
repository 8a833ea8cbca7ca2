// One thing that can be done with what is shown, as menus, the palette and the keys take it. It lists none.
import type { MenuItem } from '../ui/Menu.svelte';
import { isObjectKey, type ObjectKey } from '../window/object-keys.ts';

export interface PageAction {
  readonly id: string;
  readonly label: string;
  readonly icon: NonNullable<MenuItem['icon']>;
  /** For the palette, beside the label. */
  readonly keywords: string;
  readonly key?: ObjectKey;
  /** A key that another part of the window hears, to be shown with it. */
  readonly shown?: string;
  /** False: the palette alone offers it, since the window has a button for it. */
  readonly inMenu?: boolean;
  readonly danger?: boolean;
  readonly run: () => void;
}

export function menuItems(groups: readonly (readonly PageAction[])[]): MenuItem[][] {
  return groups.map((group) =>
    group
      .filter(({ inMenu }) => inMenu !== false)
      .map(({ label, icon, key, shown = key?.shown, danger, run }) => ({
        label,
        icon,
        run,
        ...(shown === undefined ? {} : { shortcut: shown }),
        ...(danger ? { danger } : {}),
      })),
  );
}

/** The action that the key asks for, or null. */
export function actionOfKey(event: KeyboardEvent, groups: readonly (readonly PageAction[])[]): PageAction | null {
  return groups.flat().find(({ key }) => key !== undefined && isObjectKey(event, key)) ?? null;
}
