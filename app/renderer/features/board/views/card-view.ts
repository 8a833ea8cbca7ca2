// What a view of a board beside its columns answers the screen: which keys are its own, and where a card stands on it. No implementation.
import type { BoardKey } from '../board-keys.ts';

export interface CardView {
  /** Whether something hangs on the keyboard here: arrows carry it then. */
  lifting?(): boolean;
  /** False: the key is not this view's. @param card the one with the focus. */
  perform(key: BoardKey, card: string | null): boolean;
  /** What has the focus for this card, where that is not the card's own element. */
  element?(card: string): HTMLElement | null;
}

/** Keys that mean something among columns alone; elsewhere a view says what they do, or they do nothing. */
export function isForColumns({ does }: BoardKey): boolean {
  return (
    does === 'go' || does === 'step' || does === 'extend' || does === 'end' || does === 'lift' || does === 'putDown'
  );
}
