// What I and others changed apart, as the host says it, asked anew when it became different. It settles nothing.
import type { Disposable } from '../../../shared/base/disposable.ts';
import type { OverlapEntry } from '../../contract/overlap.ts';
import type { HostConnection } from '../connection/host-connection.ts';
import { Asked } from './asked.svelte.ts';

export class OverlapList implements Disposable {
  readonly #asked: Asked<{ readonly entries: readonly OverlapEntry[]; readonly count: number }>;
  readonly #heard: Disposable;

  constructor(connection: HostConnection, workspace: string) {
    this.#asked = new Asked(() => connection.call('overlap.list', { workspace }));
    this.#heard = connection.onAnnouncement((news) => {
      if (news.event === 'overlaps' && news.workspace === workspace) void this.#asked.ask();
    });
    void this.#asked.ask();
  }

  /** Null until it is known. */
  get entries(): readonly OverlapEntry[] | null {
    return this.#asked.answer?.entries ?? null;
  }

  /** Nobody settled them. */
  get open(): readonly OverlapEntry[] {
    return (this.entries ?? []).filter(({ settled }) => settled.length === 0);
  }

  get wrong(): string | null {
    return this.#asked.wrong;
  }

  ask(): Promise<void> {
    return this.#asked.ask();
  }

  dispose(): void {
    this.#heard.dispose();
  }
}
