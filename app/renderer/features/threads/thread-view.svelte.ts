// A read-through view of an open thread for components: read again after each change, once. It never writes.
import { createSubscriber } from 'svelte/reactivity';
import type * as Y from 'yjs';
import { readDeeds, type Deed } from '../../../../shared/model/thread/deeds.ts';
import { readReports, type Report } from '../../../../shared/model/thread/moderation.ts';
import { readThread, type Thread } from '../../../../shared/model/thread/read.ts';

export class ThreadView {
  readonly #doc: Y.Doc;
  readonly #subscribe: () => void;
  #read: { readonly thread: Thread; readonly reports: readonly Report[] } | null = null;

  constructor(doc: Y.Doc) {
    this.#doc = doc;
    this.#subscribe = createSubscriber((update) => {
      const changed = (): void => {
        this.#read = null;
        update();
      };
      this.#read = null;
      doc.on('update', changed);
      return () => doc.off('update', changed);
    });
  }

  get thread(): Thread {
    return this.#now().thread;
  }

  get reports(): readonly Report[] {
    return this.#now().reports;
  }

  /** Oldest first; read when it is asked for. */
  get deeds(): readonly Deed[] {
    this.#subscribe();
    return readDeeds(this.#doc);
  }

  #now(): { readonly thread: Thread; readonly reports: readonly Report[] } {
    this.#subscribe();
    this.#read ??= { thread: readThread(this.#doc), reports: readReports(this.#doc) };
    return this.#read;
  }
}
