// The relays of this hub as links to other hosts see them: who acknowledges, and which rooms; it owns no link.
import { DisposableStore, type Disposable } from '../base/disposable.ts';
import { Emitter } from '../base/emitter.ts';
import type { AcknowledgingRelays } from './common-relays.ts';
import type { Link } from './link.ts';

export class RelayLinks implements AcknowledgingRelays, Disposable {
  readonly #links: readonly Link[];
  readonly #held = new DisposableStore();
  readonly #changes = new Emitter<void>();
  readonly onChange = this.#changes.event;
  #ids = '';

  constructor(links: readonly Link[]) {
    this.#links = links;
    this.#ids = this.ids().join(' ');
    for (const link of links) {
      this.#held.add(link.onStatus(() => this.#moved()));
      this.#held.add(link.onTrouble(() => this.#changes.fire()));
    }
  }

  /** Most changes of a status are tries that fail: nobody is told of them. */
  #moved(): void {
    const ids = this.ids().join(' ');
    if (ids === this.#ids) return;
    this.#ids = ids;
    this.#changes.fire();
  }

  ids(): readonly string[] {
    return this.#links.flatMap(({ otherHub }) => otherHub ?? []);
  }

  acknowledges(relay: string, room: string): boolean {
    return this.#links.some((link) => link.otherHub === relay && link.acknowledges(room));
  }

  dispose(): void {
    this.#held.dispose();
    this.#changes.clear();
  }
}
