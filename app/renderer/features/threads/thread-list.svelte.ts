// The threads of a space as a list shows them, by filter and type, more of them as they are asked for; asked again when they become different.
import type { Disposable } from '../../../../shared/base/disposable.ts';
import type { ThreadType } from '../../../../shared/model/thread/facts.ts';
import type { ThreadFilter, ThreadList } from '../../../contract/threads.ts';
import type { HostConnection } from '../../connection/host-connection.ts';
import { Asked } from '../../window/asked.svelte.ts';

const STEP = 50;
/** The host gives at most so many at once; whoever looks for older ones filters. */
const MOST = 200;

export class ThreadListModel implements Disposable {
  readonly #asked: Asked<ThreadList>;
  readonly #held: readonly Disposable[];
  #filter = $state<ThreadFilter>('all');
  #type = $state<ThreadType | null>(null);
  #most = $state(STEP);

  constructor(connection: HostConnection, place: { readonly workspace: string; readonly space: string }) {
    this.#asked = new Asked(() =>
      connection.call('thread.list', { ...place, filter: this.#filter, type: this.#type, most: this.#most }),
    );
    this.#held = [
      connection.onAnnouncement((news) => {
        if (news.event === 'threads' && news.workspace === place.workspace && news.spaces.includes(place.space)) {
          void this.#asked.ask();
        }
      }),
      connection.onStatus(({ state }) => {
        if (state === 'online') void this.#asked.ask();
      }),
    ];
    void this.#asked.ask();
  }

  get list(): ThreadList | null {
    return this.#asked.answer;
  }
  get wrong(): string | null {
    return this.#asked.wrong;
  }
  get filter(): ThreadFilter {
    return this.#filter;
  }
  get type(): ThreadType | null {
    return this.#type;
  }
  /** More can be shown. */
  get hasMore(): boolean {
    return this.#most < MOST && (this.list?.total ?? 0) > this.#most;
  }

  show(filter: ThreadFilter, type: ThreadType | null): void {
    this.#filter = filter;
    this.#type = type;
    this.#most = STEP;
    void this.#asked.ask();
  }

  more(): void {
    this.#most = Math.min(MOST, this.#most + STEP);
    void this.#asked.ask();
  }

  dispose(): void {
    for (const one of this.#held) one.dispose();
  }
}
