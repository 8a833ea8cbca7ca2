// Who is beside this computer in one workspace, asked of the host again whenever it tells that something is different. It changes nothing.
import type { Disposable } from '../../../../shared/base/disposable.ts';
import type { PeersHere } from '../../../contract/peers.ts';
import type { HostConnection } from '../../connection/host-connection.ts';
import { Asked } from '../../window/asked.svelte.ts';

export class NearbyView implements Disposable {
  readonly #asked: Asked<PeersHere>;
  readonly #held: readonly Disposable[];

  constructor(connection: HostConnection, workspace: string) {
    this.#asked = new Asked(() => connection.call('peers.list', { workspace }));
    this.#held = [
      connection.onAnnouncement((news) => {
        // A name arrives with the members.
        const isOurs = 'workspace' in news && news.workspace === workspace;
        if (isOurs && (news.event === 'peers' || news.event === 'members')) void this.#asked.ask();
      }),
      connection.onStatus(({ state }) => {
        if (state === 'online') void this.#asked.ask();
      }),
    ];
    void this.#asked.ask();
  }

  /** Null until the host has answered. */
  get here(): PeersHere | null {
    return this.#asked.answer;
  }
  get wrong(): string | null {
    return this.#asked.wrong;
  }

  ask(): Promise<void> {
    return this.#asked.ask();
  }

  dispose(): void {
    for (const one of this.#held) one.dispose();
  }
}
