// The windows that are open, as each says it of itself: what the one with the focus shows, and which one of a browser's shows notifications for all.
import type { CallParams } from '../../contract/calls.ts';
import type { Caller } from '../caller.ts';
import type { Shown } from './policy.ts';

export type WindowState = CallParams<'notify.window'>;

export class OpenWindows {
  /** Who spoke last stands last. */
  readonly #open = new Map<Caller, WindowState>();

  /** Until the connection ends. */
  said(window: Caller, state: WindowState): void {
    if (window.ended) return;
    if (!this.#open.delete(window)) window.onEnd(() => this.#open.delete(window));
    this.#open.set(window, state);
  }

  /** What is on the screen where somebody sits now. */
  get shown(): readonly Shown[] {
    return [...this.#open.values()].flatMap(({ focused, shows }) => (focused && shows ? [shows] : []));
  }

  /** One of those that may show: the one with the focus, else one that can be seen, else the one that spoke last. */
  get elected(): Caller | null {
    let best: { readonly window: Caller; readonly rank: number } | null = null;
    for (const [window, { permission, focused, visible }] of this.#open) {
      const rank = permission !== 'granted' ? 0 : focused ? 3 : visible ? 2 : 1;
      if (rank > 0 && rank >= (best?.rank ?? 0)) best = { window, rank };
    }
    return best?.window ?? null;
  }

  get size(): number {
    return this.#open.size;
  }
}
