// With which hue a card is covered, or with nothing, as a menu; it does nothing itself. Pictures are chosen where they are attached.
import Palette from '@lucide/svelte/icons/palette';
import type { Cover } from '../../../../shared/model/board/cover.ts';
import { COLOURS } from '../../../../shared/model/board/stored.ts';
import type { MenuItem } from '../../ui/Menu.svelte';

export function coverMenu(cover: Cover | null, set: (cover: Cover | null) => void): MenuItem[][] {
  const hue = cover?.kind === 'hue' ? cover.hue : null;
  return [
    COLOURS.map((one) => ({
      label: `${one.charAt(0).toUpperCase()}${one.slice(1)}`,
      icon: Palette,
      checked: hue === one,
      run: () => set({ kind: 'hue', hue: one }),
    })),
    [{ label: 'No cover', checked: cover === null, run: () => set(null) }],
  ];
}
