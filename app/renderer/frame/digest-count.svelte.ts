// How many things that came while this computer was away were not looked at, as the sidebar says it: asked of the host once, then told by it.
import type { Disposable } from '../../../shared/base/disposable.ts';
import type { HostConnection } from '../connection/host-connection.ts';
import { Asked } from '../window/asked.svelte.ts';

export class DigestCount implements Disposable {
  readonly #asked: Asked<number>;
  readonly #held: readonly Disposable[];

  constructor(connection: HostConnection, workspace: string) {
    this.#asked = new Asked(async () => (await connection.call('digest.count', { workspace })).count);
    this.#held = [
      connection.onAnnouncement((news) => {
        if (news.event === 'digest' && news.workspace === workspace) void this.#asked.ask();
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
