// What the keys do on a board while no field has the focus. Pure: the key in, what is asked for out.
import type { Direction } from './arrange.ts';

export type BoardKey =
  | { readonly does: 'go' | 'step' | 'extend'; readonly direction: Direction }
  | { readonly does: 'end'; readonly last: boolean }
  | {
      readonly does:
        | 'lift'
        | 'putDown'
        | 'cancel'
        | 'open'
        | 'new'
        | 'members'
        | 'labels'
        | 'due'
        | 'archive'
        | 'filter'
        | 'choose'
        | 'undo'
        | 'redo'
        | 'menu';
    };

const ARROWS: Readonly<Record<string, Direction>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
};

const LETTERS: Readonly<Record<string, Exclude<BoardKey, { direction: Direction } | { last: boolean }>['does']>> = {
  c: 'new',
  e: 'open',
  m: 'members',
  l: 'labels',
  d: 'due',
  a: 'archive',
  x: 'choose',
  '/': 'filter',
};

export interface Pressed {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** Null: the board does nothing with it. @param lifted cards hang on the keyboard. @param onCard a card has the focus. */
export function boardKey(pressed: Pressed, lifted: boolean, onCard: boolean): BoardKey | null {
  const { key, altKey, shiftKey } = pressed;
  if (onCard && !lifted && (key === 'ContextMenu' || (key === 'F10' && shiftKey))) return { does: 'menu' };
  const mod = pressed.ctrlKey || pressed.metaKey;
  const direction = ARROWS[key];
  if (lifted) {
    if (mod || altKey) return null;
    if (direction) return { does: 'step', direction };
    if (key === ' ' || key === 'Enter') return { does: 'putDown' };
    return key === 'Escape' ? { does: 'cancel' } : null;
  }
  if (mod && !altKey && key.toLowerCase() === 'z') return { does: shiftKey ? 'redo' : 'undo' };
  if (mod && !altKey && key.toLowerCase() === 'y') return { does: 'redo' };
  if (mod || altKey) return null;
  const letter = LETTERS[key.toLowerCase()];
  if (letter === 'new' || letter === 'filter') return shiftKey && letter === 'new' ? null : { does: letter };
  if (!onCard) return direction ? { does: 'go', direction } : null;
  if (direction) return { does: shiftKey ? 'extend' : 'go', direction };
  if (key === 'Home' || key === 'End') return { does: 'end', last: key === 'End' };
  if (shiftKey) return null;
  if (key === ' ') return { does: 'lift' };
  if (key === 'Enter') return { does: 'open' };
  if (key === 'Escape') return { does: 'cancel' };
  return letter ? { does: letter } : null;
}
