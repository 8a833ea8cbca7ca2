// Short messages at the bottom left that offer Undo; never for sync, never for what the screen shows anyway.
import type { Clock } from '../../../shared/base/clock.ts';
import type { Disposable } from '../../../shared/base/disposable.ts';

export interface Toast {
  readonly id: number;
  readonly tone: 'plain' | 'danger';
  readonly text: string;
  readonly action: { readonly label: string; readonly run: () => void } | null;
}

const SHOWN = 5_000;
const SHOWN_WITH_ERROR = 12_000;

export class Toasts {
  readonly #clock: Clock;
  #list = $state.raw<readonly Toast[]>([]);
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- timers are not shown
  readonly #timers = new Map<number, Disposable>();
  #next = 1;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get list(): readonly Toast[] {
    return this.#list;
  }

  show(text: string, action: Toast['action'] = null): void {
    this.#add({ id: this.#next++, tone: 'plain', text, action }, SHOWN);
  }

  /** Something that was asked for and did not happen. */
  fail(text: string): void {
    this.#add({ id: this.#next++, tone: 'danger', text, action: null }, SHOWN_WITH_ERROR);
  }

  close(id: number): void {
    this.#timers.get(id)?.dispose();
    this.#timers.delete(id);
    this.#list = this.#list.filter((toast) => toast.id !== id);
  }

  /** While the pointer or the focus is on one, it stays. */
  hold(id: number): void {
    this.#timers.get(id)?.dispose();
    this.#timers.delete(id);
  }
  release(id: number): void {
    if (this.#list.some((toast) => toast.id === id)) this.#timer(id, SHOWN);
  }

  #add(toast: Toast, milliseconds: number): void {
    for (const old of this.#list.slice(0, -2)) this.close(old.id);
    this.#list = [...this.#list, toast];
    this.#timer(toast.id, milliseconds);
  }

  #timer(id: number, milliseconds: number): void {
    this.#timers.get(id)?.dispose();
    this.#timers.set(
      id,
      this.#clock.after(milliseconds, () => this.close(id)),
    );
  }
}
