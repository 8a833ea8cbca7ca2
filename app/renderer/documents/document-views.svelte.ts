// Read-through views of an open document for components: its title, who is here, and how far it is saved. They never write.
import { createSubscriber } from 'svelte/reactivity';
import { readAliases } from '../../../shared/model/document/aliases.ts';
import { readTitle } from '../../../shared/model/document/title.ts';
import { readProperties, type Properties } from '../../../shared/model/properties/read.ts';
import { metaOf, titleOf } from '../../../shared/model/document/roots.ts';
import type { DocumentHandle, Refusal } from './document-handle.ts';
import type { DocumentPool } from './document-pool.ts';

/** The state that a page's frame shows. */
export class DocumentView {
  readonly #handle: DocumentHandle;
  readonly #state: () => void;
  readonly #title: () => void;
  readonly #meta: () => void;
  readonly #people: () => void;

  constructor(handle: DocumentHandle) {
    this.#handle = handle;
    this.#state = createSubscriber((update) => {
      const held = handle.onChange(update);
      return () => held.dispose();
    });
    this.#title = createSubscriber((update) => {
      const text = titleOf(handle.doc);
      text.observe(update);
      return () => text.unobserve(update);
    });
    this.#meta = createSubscriber((update) => {
      const meta = metaOf(handle.doc);
      meta.observe(update);
      return () => meta.unobserve(update);
    });
    this.#people = createSubscriber((update) => {
      // A caret goes while its screen is taken down, in the middle of drawing, when nothing may be drawn anew.
      let isAsked = true;
      const later = (): void => queueMicrotask(() => isAsked && update());
      handle.awareness.on('change', later);
      return () => {
        isAsked = false;
        handle.awareness.off('change', later);
      };
    });
  }

  get synced(): boolean {
    this.#state();
    return this.#handle.synced;
  }
  get connected(): boolean {
    this.#state();
    return this.#handle.connected;
  }
  get pendingSince(): number | null {
    this.#state();
    return this.#handle.pendingSince;
  }
  get savedAt(): number | null {
    this.#state();
    return this.#handle.savedAt;
  }
  get refusal(): Refusal | null {
    this.#state();
    return this.#handle.refusal;
  }
  get isStale(): boolean {
    this.#state();
    return this.#handle.isStale;
  }
  get title(): string {
    this.#title();
    return readTitle(this.#handle.doc);
  }

  get properties(): Properties {
    this.#meta();
    return readProperties(this.#handle.doc);
  }

  /** Other names of it. */
  get aliases(): readonly string[] {
    this.#meta();
    return readAliases(this.#handle.doc);
  }

  /** Member ids of the others who have this document open now, each once, in a steady order. */
  people(me: string): readonly string[] {
    this.#people();
    // eslint-disable-next-line svelte/prefer-svelte-reactivity -- local to this call
    const ids = new Set<string>();
    for (const [client, state] of this.#handle.awareness.getStates()) {
      if (client === this.#handle.doc.clientID) continue;
      const member = memberOf(state);
      if (member !== null && member !== me) ids.add(member);
    }
    return [...ids].sort();
  }
}

/** The member that a presence state names; it came from anybody and may be anything. */
function memberOf(state: unknown): string | null {
  if (typeof state !== 'object' || state === null) return null;
  const user: unknown = (state as Record<string, unknown>)['user'];
  if (typeof user !== 'object' || user === null) return null;
  const member: unknown = (user as Record<string, unknown>)['member'];
  return typeof member === 'string' && member.length > 0 && member.length <= 64 ? member : null;
}

/** Everything in this window that the host has not called durable. */
export class UnsavedView {
  readonly #pool: DocumentPool;
  readonly #subscribe: () => void;

  constructor(pool: DocumentPool) {
    this.#pool = pool;
    this.#subscribe = createSubscriber((update) => {
      const held = pool.onChange(update);
      return () => held.dispose();
    });
  }

  get rooms(): readonly { readonly room: string; readonly since: number }[] {
    this.#subscribe();
    return this.#pool.unsaved.map((handle) => ({ room: handle.room, since: handle.pendingSince ?? 0 }));
  }
}
