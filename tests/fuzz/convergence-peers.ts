// Links between the hosts of a scenario as links between peers are: with the relays that each is linked to, and a memory of their own. It decides nothing.
import { WorkspaceRelays } from '../../app/host/peers/workspace-relays.ts';
import { DisposableStore } from '../../shared/base/disposable.ts';
import { Emitter } from '../../shared/base/emitter.ts';
import type { Link } from '../../shared/link/link.ts';

/** A host's link to the relay, whichever it has meanwhile, as links to other hosts see it. */
export class ScenarioRelays {
  readonly #changed = new Emitter<string>();
  readonly #troubles = new Emitter<void>();
  readonly relays: WorkspaceRelays;
  #link: Link | null = null;
  #held = new DisposableStore();

  constructor() {
    const hub = (): string | null => this.#link?.otherHub ?? null;
    const link = {
      get hub() {
        return hub();
      },
      acknowledges: (room: string) => this.#link?.acknowledges(room) ?? false,
      onTrouble: this.#troubles.event,
    };
    this.relays = new WorkspaceRelays({ link, onChange: this.#changed.event });
  }

  /** The program has a new link. */
  follow(link: Link): void {
    this.#held.dispose();
    this.#held = new DisposableStore();
    this.#link = link;
    this.#held.add(link.onStatus(() => this.#changed.fire('truths')));
    this.#held.add(link.onTrouble(() => this.#troubles.fire()));
    this.#changed.fire('truths');
  }
}
