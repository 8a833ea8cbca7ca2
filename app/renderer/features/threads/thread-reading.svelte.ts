// What I have read of the thread that is shown: asked of the host, told to it in batches. It looks at no screen.
import type { Clock } from '../../../../shared/base/clock.ts';
import type { Disposable } from '../../../../shared/base/disposable.ts';
import { readPostsFrom, type ReadPosts } from '../../../../shared/model/personal/read-posts.ts';
import type { Post } from '../../../../shared/model/thread/posts.ts';
import type { HostConnection } from '../../connection/host-connection.ts';

/** Posts that the host takes at once: it may have been away while many were read. */
const MOST = 2_000;
/** Milliseconds within which posts that came into sight are told together. */
const TOGETHER = 300;

interface Parts {
  readonly connection: HostConnection;
  readonly clock: Clock;
  readonly workspace: string;
  readonly document: string;
  readonly space: string;
  readonly member: string;
}

export class ThreadReading implements Disposable {
  readonly #parts: Parts;
  readonly #heard: Disposable;
  readonly #status: Disposable;
  /** What this window saw and the host may not have heard yet. */
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- replaced as a whole by each change
  #seen = $state.raw<ReadonlySet<string>>(new Set());
  #read = $state.raw<ReadPosts | null>(null);
  #waiting: Post[] = [];
  #timer: Disposable | null = null;
  #round = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
    const { connection, workspace, space } = parts;
    this.#heard = connection.onAnnouncement((news) => {
      if (news.event === 'threads' && news.workspace === workspace && news.spaces.includes(space)) void this.#ask();
    });
    this.#status = connection.onStatus(({ state }) => {
      if (state === 'online') void this.#ask();
    });
    void this.#ask();
  }

  /** Known: before that nothing is called unread. */
  get known(): boolean {
    return this.#read !== null;
  }

  isUnread(post: Post): boolean {
    if (this.#read === null || post.author === this.#parts.member || this.#seen.has(post.id)) return false;
    return !this.#read.has(post);
  }

  /** It was on screen long enough. */
  saw(post: Post): void {
    if (!this.isUnread(post)) return;
    // eslint-disable-next-line svelte/prefer-svelte-reactivity -- as above
    this.#seen = new Set([...this.#seen, post.id]);
    this.#waiting.push(post);
    this.#timer ??= this.#parts.clock.after(TOGETHER, () => void this.#tell());
  }

  /** From this post on everything is unread again, also what this window saw. Rejects with the host's reason. */
  async unreadFrom(post: string): Promise<void> {
    const { connection, workspace, document } = this.#parts;
    await this.#tell();
    await connection.call('thread.unreadFrom', { workspace, document, post });
    // eslint-disable-next-line svelte/prefer-svelte-reactivity -- as above
    this.#seen = new Set();
    await this.#ask();
  }

  dispose(): void {
    this.#round += 1;
    this.#heard.dispose();
    this.#status.dispose();
    void this.#tell();
  }

  async #tell(): Promise<void> {
    this.#timer?.dispose();
    this.#timer = null;
    const told = this.#waiting.splice(0, MOST);
    const posts = told.flatMap(({ device, number }) => (device === null ? [] : [{ device, number }]));
    if (posts.length === 0) return;
    const { connection, workspace, document } = this.#parts;
    try {
      await connection.call('thread.read', { workspace, document, posts });
      if (this.#waiting.length > 0) this.#timer ??= this.#parts.clock.after(TOGETHER, () => void this.#tell());
    } catch {
      this.#waiting.unshift(...told); // The window says that the host is away; it is told again when it is back.
    }
  }

  async #ask(): Promise<void> {
    const round = ++this.#round;
    const { connection, workspace, document } = this.#parts;
    try {
      await this.#tell();
      const { read } = await connection.call('thread.reading', { workspace, document });
      if (round === this.#round) this.#read = readPostsFrom(Object.entries(read));
    } catch {
      return; // Asked again when the host is back.
    }
  }
}
