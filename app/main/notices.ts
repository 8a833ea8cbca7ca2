// Shows what the host wants shown on the desktop, and says which place was clicked. It judges nothing and reads no place.
import { Notification } from 'electron';
import type { FromHost } from '../contract/host-messages.ts';

/** Of those that nobody clicked; the system forgets its own, and a click on an older one opens nothing any more. */
const KEPT = 50;

export class Notices {
  readonly #onClick: (place: string) => void;
  /** Held, since one that is collected as garbage hears no click. */
  readonly #shown = new Set<Notification>();

  constructor(onClick: (place: string) => void) {
    this.#onClick = onClick;
  }

  show({ title, body, place }: Extract<FromHost, { type: 'notice' }>): void {
    if (!Notification.isSupported()) return;
    const shown = new Notification({ title, body });
    this.#shown.add(shown);
    for (const oldest of this.#shown) {
      if (this.#shown.size <= KEPT) break;
      this.#shown.delete(oldest);
    }
    shown.on('click', () => {
      this.#shown.delete(shown);
      this.#onClick(place);
    });
    shown.on('close', () => this.#shown.delete(shown));
    shown.show();
  }
}
