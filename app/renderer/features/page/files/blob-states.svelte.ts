// How each attachment of a page is on this computer, as components read it: asked once, then kept in step by what the host announces.
import { createSubscriber } from 'svelte/reactivity';
import type { BlobHolders, BlobState } from '../../../../contract/attachments.ts';
import type { HostConnection } from '../../../connection/host-connection.ts';
import type { ArrivingBlob } from './arrival-words.ts';

export class BlobStates {
  readonly #connection: HostConnection;
  readonly #workspace: string;
  readonly #space: string;
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- the subscriber below is what readers watch
  readonly #states = new Map<string, BlobState>();
  /** Who has those that are not here. */
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- as above
  readonly #holders = new Map<string, BlobHolders>();
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- not shown
  readonly #unasked = new Set<string>();
  /** Asked for while the host did not answer. */
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- not shown
  readonly #missed = new Set<string>();
  readonly #subscribe: () => void;
  #changed: () => void = () => undefined;
  #asking = false;

  constructor(connection: HostConnection, workspace: string, space: string) {
    this.#connection = connection;
    this.#workspace = workspace;
    this.#space = space;
    this.#subscribe = createSubscriber((update) => {
      this.#changed = update;
      const hearing = connection.onAnnouncement((announcement) => {
        if (announcement.event !== 'blob' || announcement.workspace !== workspace) return;
        this.#take(announcement.blobs.filter((state) => state.space === space && this.#states.has(state.blob)));
      });
      const watching = connection.onStatus((status) => {
        if (status.state === 'online') this.#askAgain();
      });
      this.#askAgain();
      return () => {
        hearing.dispose();
        watching.dispose();
      };
    });
  }

  /** Null while it is being asked, and for a name that is none. */
  get(blob: string): ArrivingBlob | null {
    this.#subscribe();
    if (blob === '') return null;
    const known = this.#states.get(blob);
    const holders = this.#holders.get(blob);
    if (known) return known.state === 'absent' && holders ? { ...known, holders } : known;
    this.#ask([blob]);
    return null;
  }

  #askAgain(): void {
    const blobs = [...this.#states.keys(), ...this.#missed];
    this.#missed.clear();
    this.#ask(blobs);
  }

  #ask(blobs: readonly string[]): void {
    for (const blob of blobs) this.#unasked.add(blob);
    if (this.#asking || this.#unasked.size === 0) return;
    this.#asking = true;
    // Those of one drawing together.
    queueMicrotask(() => void this.#askAll());
  }

  async #askAll(): Promise<void> {
    const blobs = [...this.#unasked].slice(0, 500);
    for (const blob of blobs) this.#unasked.delete(blob);
    this.#asking = false;
    try {
      const asked = { workspace: this.#workspace, space: this.#space, blobs };
      this.#take(await this.#connection.call('blob.state', asked));
    } catch {
      for (const blob of blobs) this.#missed.add(blob);
      return; // The connection's own status says that the host is away; all are asked again when it is back.
    }
    this.#ask([]);
  }

  /** Again with each news of it: the relay may have been asked meanwhile. */
  async #askWho(blob: string): Promise<void> {
    try {
      const of = { workspace: this.#workspace, space: this.#space, blob };
      const holders = await this.#connection.call('blob.holders', of);
      if (JSON.stringify(this.#holders.get(blob)) === JSON.stringify(holders)) return;
      this.#holders.set(blob, holders);
      this.#changed();
    } catch {
      return; // What was known of it is shown; it is asked again with the next news.
    }
  }

  #take(states: readonly BlobState[]): void {
    let any = false;
    for (const state of states) {
      if (state.state === 'absent') void this.#askWho(state.blob);
      if (JSON.stringify(this.#states.get(state.blob)) === JSON.stringify(state)) continue;
      this.#states.set(state.blob, Object.freeze(state));
      any = true;
    }
    if (any) this.#changed();
  }
}
