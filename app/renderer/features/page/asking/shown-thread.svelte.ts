// A thread that is shown in a page: its document while the block is near the screen, and what I have read of it. It writes nothing.
import { createSubscriber } from 'svelte/reactivity';
import type { Disposable } from '../../../../../shared/base/disposable.ts';
import { readPostsFrom, type ReadPosts } from '../../../../../shared/model/personal/read-posts.ts';
import type { Post } from '../../../../../shared/model/thread/posts.ts';
import { readThread } from '../../../../../shared/model/thread/read.ts';
import type { DocEntry } from '../../../../contract/entities.ts';
import type { DocumentReference } from '../../../documents/document-pool.ts';
import type { Services } from '../../../window/services.ts';

/** What stands in a thread for whoever only passes by. */
interface Summary {
  /** Without those that were removed, hidden or taken into a thread of their own. */
  readonly posts: readonly Post[];
  readonly closed: boolean;
}

export class ShownThread implements Disposable {
  readonly #reference: DocumentReference;
  readonly #held: readonly Disposable[];
  readonly #state: () => void;
  readonly #content: () => void;
  readonly #member: string;
  #summary: Summary | null = null;
  #read = $state.raw<ReadPosts | null>(null);
  #round = 0;

  constructor({ documents, connection }: Services, workspace: string, entry: DocEntry, member: string) {
    this.#member = member;
    this.#reference = documents.open(entry.room);
    const { handle } = this.#reference;
    this.#state = createSubscriber((update) => {
      const held = handle.onChange(update);
      return () => held.dispose();
    });
    this.#content = createSubscriber((update) => {
      const changed = (): void => {
        this.#summary = null;
        update();
      };
      this.#summary = null;
      handle.doc.on('update', changed);
      return () => handle.doc.off('update', changed);
    });
    const ask = async (): Promise<void> => {
      const round = ++this.#round;
      try {
        const { read } = await connection.call('thread.reading', { workspace, document: entry.id });
        if (round === this.#round) this.#read = readPostsFrom(Object.entries(read));
      } catch {
        return; // Asked again when the host is back; until then nothing is called unread.
      }
    };
    this.#held = [
      connection.onAnnouncement((news) => {
        if (news.event === 'threads' && news.workspace === workspace && news.spaces.includes(entry.space)) void ask();
      }),
      connection.onStatus(({ state }) => {
        if (state === 'online') void ask();
      }),
    ];
    void ask();
  }

  /** It has arrived in this window. */
  get here(): boolean {
    this.#state();
    return this.#reference.handle.synced;
  }

  get refused(): boolean {
    this.#state();
    return this.#reference.handle.refusal !== null;
  }

  get summary(): Summary {
    this.#content();
    if (!this.#summary) {
      const { posts, marks, facts } = readThread(this.#reference.handle.doc);
      this.#summary = {
        posts: posts.filter(
          ({ id, removal }) => removal.kind !== 'removed' && !marks.hidden.has(id) && !marks.split.has(id),
        ),
        closed: facts.closed !== null,
      };
    }
    return this.#summary;
  }

  /** Of others, and not read on any device of mine. */
  get unread(): number {
    const read = this.#read;
    if (!read) return 0;
    return this.summary.posts.filter((post) => post.author !== this.#member && !read.has(post)).length;
  }

  dispose(): void {
    this.#round += 1;
    for (const one of this.#held) one.dispose();
    this.#reference.dispose();
  }
}
