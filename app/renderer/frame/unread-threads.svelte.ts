// How many posts are unread in each space of a workspace, as the sidebar says it: asked of the host, and again when it says so.
import type { Disposable } from '../../../shared/base/disposable.ts';
import type { HostConnection } from '../connection/host-connection.ts';
import { Asked } from '../window/asked.svelte.ts';

export class UnreadThreads implements Disposable {
  readonly #asked: Asked<Record<string, number>>;
  readonly #held: readonly Disposable[];

  constructor(connection: HostConnection, workspace: string) {
    this.#asked = new Asked(() => connection.call('thread.unread', { workspace }));
    this.#held = [
      connection.onAnnouncement((news) => {
        if (news.event === 'threads' && news.workspace === workspace) void this.#asked.ask();
      }),
      connection.onStatus(({ state }) => {
        if (state === 'online') void this.#asked.ask();
      }),
    ];
    void this.#asked.ask();
  }

  of(space: string): number {
    return this.#asked.answer?.[space] ?? 0;
  }

  dispose(): void {
    for (const one of this.#held) one.dispose();
  }
}
