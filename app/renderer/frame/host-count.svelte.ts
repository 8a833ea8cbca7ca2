// A number beside a row of the sidebar: asked of the host once, and again whenever it tells that something is different.
import type { Disposable } from '../../../shared/base/disposable.ts';
import type { Announcement } from '../../contract/calls.ts';
import type { HostConnection } from '../connection/host-connection.ts';
import { Asked } from '../window/asked.svelte.ts';

export class HostCount implements Disposable {
  readonly #asked: Asked<number>;
  readonly #held: readonly Disposable[];

  /** @param event tells that the number may be another one. */
  constructor(
    connection: HostConnection,
    { workspace, event }: { readonly workspace: string; readonly event: Announcement['event'] },
    count: () => Promise<number>,
  ) {
    this.#asked = new Asked(count);
    this.#held = [
      connection.onAnnouncement((news) => {
        if (news.event === event && 'workspace' in news && news.workspace === workspace) void this.#asked.ask();
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
