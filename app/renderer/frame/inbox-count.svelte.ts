// How many entries of the inbox are new, as the sidebar says it: asked of the host once, then told by it.
import type { Disposable } from '../../../shared/base/disposable.ts';
import type { HostConnection } from '../connection/host-connection.ts';
import { Asked } from '../window/asked.svelte.ts';

export class InboxCount implements Disposable {
  readonly #asked: Asked<number>;
  readonly #held: readonly Disposable[];

  constructor(connection: HostConnection, workspace: string) {
    this.#asked = new Asked(async () => (await connection.call('inbox.list', { workspace })).count);
    this.#held = [
      connection.onAnnouncement((news) => {
        if (news.event === 'inbox' && news.workspace === workspace) void this.#asked.ask();
      }),
      connection.onStatus(({ state }) => {
        if (state === 'online') void this.#asked.ask();
      }),
    ];
    void this.#asked.ask();
  }

  get value(): number {
    return this.#asked.answer ?? 0;
  }

  dispose(): void {
    for (const one of this.#held) one.dispose();
  }
}
