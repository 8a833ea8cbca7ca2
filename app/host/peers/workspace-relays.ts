// The relay of one workspace as links to other members' hosts see it: whether it acknowledges, and which rooms. It follows whatever link the workspace has.
import { DisposableStore, type Disposable } from '../../../shared/base/disposable.ts';
import { Emitter, type Event } from '../../../shared/base/emitter.ts';
import type { AcknowledgingRelays } from '../../../shared/link/common-relays.ts';

/** What it needs to see of a link to a relay. */
export interface SeenRelayLink {
  readonly hub: string | null;
  acknowledges(room: string): boolean;
  readonly onTrouble: Event<void>;
}

/** What it needs to see of a workspace. */
export interface RelayedWorkspace {
  readonly link: SeenRelayLink | null;
  readonly onChange: Event<string>;
}

export class WorkspaceRelays implements AcknowledgingRelays, Disposable {
  readonly #workspace: RelayedWorkspace;
  readonly #held = new DisposableStore();
  readonly #changes = new Emitter<void>();
  readonly onChange = this.#changes.event;
  #link: SeenRelayLink | null = null;
  #troubles: Disposable | null = null;
  #hub: string | null = null;

  constructor(workspace: RelayedWorkspace) {
    this.#workspace = workspace;
    this.#look();
    this.#held.add(
      workspace.onChange((part) => {
        if (part === 'truths') this.#look();
      }),
    );
  }

  ids(): readonly string[] {
    const hub = this.#workspace.link?.hub ?? null;
    return hub === null ? [] : [hub];
  }

  acknowledges(relay: string, room: string): boolean {
    const { link } = this.#workspace;
    return link !== null && link.hub === relay && link.acknowledges(room);
  }

  dispose(): void {
    this.#held.dispose();
    this.#troubles?.dispose();
    this.#changes.clear();
  }

  /** The truths move with every key: only another link, or another hub at its end, is news. */
  #look(): void {
    const { link } = this.#workspace;
    if (link !== this.#link) {
      this.#troubles?.dispose();
      this.#link = link;
      this.#troubles = link?.onTrouble(() => this.#changes.fire()) ?? null;
    }
    const hub = link?.hub ?? null;
    if (hub === this.#hub) return;
    this.#hub = hub;
    this.#changes.fire();
  }
}
