// Since when a workspace has no link to its relay, and when it has one again: what a session is recorded with (docs/storage.md, SG20). It opens no link.
import type { Clock } from '../../../shared/base/clock.ts';
import { DisposableStore } from '../../../shared/base/disposable.ts';
import { Emitter, type Event } from '../../../shared/base/emitter.ts';

/** What it needs to see of a workspace. */
export interface WatchedWorkspace {
  readonly id: string;
  readonly link: { readonly status: { readonly state: string } } | null;
  readonly onChange: Event<string>;
}

export class LinkWatch {
  readonly #clock: Clock;
  readonly #up: (workspace: string) => number | null;
  /** Null while it is linked, or never is. */
  readonly #since = new Map<string, number | null>();
  readonly #held = new DisposableStore();
  readonly #linked = new Emitter<string>();
  /** Fires with a workspace that is linked again. */
  readonly onLinked = this.#linked.event;

  /** @param up when the link of a workspace was last known to be up, also by an earlier run; null: never here. */
  constructor(clock: Clock, up: (workspace: string) => number | null) {
    this.#clock = clock;
    this.#up = up;
  }

  watch(workspace: WatchedWorkspace): void {
    const look = (): void => {
      const { id, link } = workspace;
      const before = this.#since.get(id) ?? null;
      // Without a relay there is nobody to be apart from.
      if (!link) this.#since.set(id, null);
      else if (link.status.state !== 'online') {
        if (before === null) this.#since.set(id, this.#up(id) ?? this.#clock.now());
      } else {
        this.#since.set(id, null);
        if (before !== null) this.#linked.fire(id);
      }
    };
    this.#held.add(workspace.onChange(look));
    look();
  }

  /** Of a room's workspace. Cheap: every keystroke asks. */
  apartSince(room: string): number | null {
    return this.#since.get(room.slice(0, room.indexOf('/'))) ?? null;
  }

  dispose(): void {
    this.#held.dispose();
    this.#linked.clear();
  }
}
