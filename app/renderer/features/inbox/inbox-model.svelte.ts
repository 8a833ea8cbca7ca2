// The inbox of one workspace as a window shows it: what the host lists, by thing, through a filter, with one thing chosen; and what is said of it. It keeps no entry of its own.
import type { Disposable } from '../../../../shared/base/disposable.ts';
import { DisposableStore } from '../../../../shared/base/disposable.ts';
import type { CallResult } from '../../../contract/calls.ts';
import type { InboxEntry, InboxState } from '../../../contract/inbox.ts';
import type { HostConnection } from '../../connection/host-connection.ts';
import { Asked } from '../../window/asked.svelte.ts';
import { INBOX_FILTERS, passes, timeOf, type InboxFilter } from './inbox-words.ts';

/** Everything about one document or card. */
export interface InboxGroup {
  readonly key: string;
  readonly document: string;
  readonly space: string;
  readonly kind: InboxEntry['kind'];
  readonly title: string;
  readonly board: string | null;
  /** The newest first; at least one. */
  readonly entries: readonly InboxEntry[];
  readonly newest: InboxEntry;
  readonly at: number;
}

export class InboxModel implements Disposable {
  readonly #connection: HostConnection;
  readonly #workspace: string;
  readonly #asked: Asked<CallResult<'inbox.list'>>;
  readonly #held = new DisposableStore();
  shown = $state<InboxState>('new');
  filter = $state<InboxFilter>('all');
  /** Of one space, or of all. */
  space = $state<string | null>(null);
  #chosen = $state<string | null>(null);
  /** Where the chosen one stood, for when it goes. */
  #place = 0;
  readonly groups: readonly InboxGroup[] = $derived.by(() => grouped(this.#entries(this.shown, this.filter)));
  readonly chosen: InboxGroup | null = $derived(
    this.groups.find(({ key }) => key === this.#chosen) ??
      this.groups[Math.min(this.#place, this.groups.length - 1)] ??
      null,
  );
  /** How many entries of the state that is shown each filter has. */
  readonly counts: Readonly<Record<InboxFilter, number>> = $derived.by(() => {
    const counts = INBOX_FILTERS.map((filter) => [filter, this.#entries(this.shown, filter).length] as const);
    return Object.fromEntries(counts) as Record<InboxFilter, number>;
  });
  readonly snoozed: readonly InboxEntry[] = $derived.by(() => this.#entries('snoozed', 'all'));

  constructor(connection: HostConnection, workspace: string) {
    this.#connection = connection;
    this.#workspace = workspace;
    this.#asked = new Asked(() => connection.call('inbox.list', { workspace }));
    this.#held.add(
      connection.onAnnouncement((news) => {
        if (news.event === 'inbox' && news.workspace === workspace) void this.#asked.ask();
      }),
    );
    this.#held.add(
      connection.onStatus(({ state }) => {
        if (state === 'online') void this.#asked.ask();
      }),
    );
    void this.#asked.ask();
  }

  /** It has been answered. */
  get loaded(): boolean {
    return this.#asked.answer !== null;
  }
  get wrong(): string | null {
    return this.#asked.wrong;
  }
  /** New entries, whatever is filtered. */
  get count(): number {
    return this.#asked.answer?.count ?? 0;
  }

  choose(key: string): void {
    this.#chosen = key;
    this.#place = Math.max(
      0,
      this.groups.findIndex((group) => group.key === key),
    );
  }

  /** @param by 1: the next one. */
  step(by: number): InboxGroup | null {
    const at = this.groups.findIndex(({ key }) => key === this.chosen?.key);
    const next = this.groups[Math.max(0, Math.min(this.groups.length - 1, at + by))];
    if (next) this.choose(next.key);
    return next ?? null;
  }

  /** Rejects with the host's words; then nothing was said of them. */
  async mark(entries: readonly string[], state: InboxState, until: number | null = null): Promise<void> {
    if (entries.length === 0) return;
    await this.#connection.call('inbox.mark', { workspace: this.#workspace, entries: [...entries], state, until });
    await this.#asked.ask();
  }

  /** Nothing but mentions is told of a document any more, or everything again. */
  async mute({ document, board }: InboxGroup, mute: boolean): Promise<void> {
    const of = { workspace: this.#workspace, document, ...(board === null ? {} : { board }) };
    await this.#connection.call('inbox.mute', { ...of, mute });
    await this.#asked.ask();
  }

  dispose(): void {
    this.#held.dispose();
  }

  #entries(state: InboxState, filter: InboxFilter): readonly InboxEntry[] {
    return (this.#asked.answer?.entries ?? []).filter(
      (entry) => entry.state === state && passes(entry, filter) && (this.space === null || entry.space === this.space),
    );
  }
}

/** By what they are about, the newest first. */
function grouped(entries: readonly InboxEntry[]): readonly InboxGroup[] {
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- made anew for each answer
  const groups = new Map<string, InboxEntry[]>();
  for (const entry of entries) {
    const known = groups.get(entry.document);
    if (known) known.push(entry);
    else groups.set(entry.document, [entry]);
  }
  return [...groups].flatMap(([key, all]) => {
    const [first] = all;
    if (!first) return [];
    const { document, space, kind, title, place } = first;
    return {
      key,
      document,
      space,
      kind,
      title,
      board: place.board ?? null,
      entries: all,
      newest: first,
      at: timeOf(first),
    };
  });
}
