// What is taken along and what of it is not here: asked of the host, asked again when that may be different, and how fast it comes. The host decides all of it.
import { DisposableStore, type Disposable } from '../../../../shared/base/disposable.ts';
import type { Clock } from '../../../../shared/base/clock.ts';
import type { Truths } from '../../../contract/entities.ts';
import type { MissingFile, TravelChoice, TravelReport } from '../../../contract/travel.ts';
import type { HostConnection } from '../../connection/host-connection.ts';
import { Asked } from '../../window/asked.svelte.ts';

/** Milliseconds: what comes in a burst is asked for once, and a large workspace takes the host a moment. */
const PATIENCE = 1_000;
/** While a host reads or asks for minutes, it has something better to do. */
const LONG_PATIENCE = 3_000;
/** Of a list of documents, or of spaces; a file that comes says so by itself. */
const HEARD = new Set(['catalogue', 'members', 'spaces']);
/** How long ago the bytes are counted from which it is told how fast they come. */
const SPAN = 10_000;

export type FileAt = Pick<MissingFile, 'space' | 'blob'>;

export function fileKey({ space, blob }: FileAt): string {
  return `${space}/${blob}`;
}

export class TravelModel implements Disposable {
  readonly #connection: HostConnection;
  readonly #clock: Clock;
  readonly #workspace: string;
  readonly #asked: Asked<TravelReport>;
  readonly #held = new DisposableStore();
  /** Bytes of files that came since the last answer. */
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- replaced as a whole by each change
  #received = $state.raw<ReadonlyMap<string, number>>(new Map());
  #speed = $state(0);
  #asking = $state(false);
  #marks: readonly { readonly at: number; readonly left: number }[] = [];
  #heard = '';
  #timer: Disposable | null = null;
  #disposed = false;

  constructor(connection: HostConnection, clock: Clock, workspace: string) {
    this.#connection = connection;
    this.#clock = clock;
    this.#workspace = workspace;
    this.#asked = new Asked(() => connection.call('travel.check', { workspace }));
    this.#held.add(
      connection.onAnnouncement((news) => {
        if (!('workspace' in news) || news.workspace !== workspace) return;
        if (news.event === 'blob') this.#files(news.blobs);
        else if (news.event === 'truths') this.#truths(news.truths);
        else if (HEARD.has(news.event)) this.#soon();
      }),
    );
    this.#held.add(
      connection.onStatus(({ state }) => {
        if (state === 'online') this.#soon();
      }),
    );
    void this.check();
  }

  get report(): TravelReport | null {
    return this.#asked.answer;
  }
  get wrong(): string | null {
    return this.#asked.wrong;
  }
  get asking(): boolean {
    return this.#asking;
  }

  /** Bytes of a missing file that are here now. */
  received(file: MissingFile): number {
    return Math.max(file.received, this.#received.get(fileKey(file)) ?? 0);
  }

  /** Bytes that are still to come. */
  readonly left = $derived.by(() => {
    const { report } = this;
    if (!report) return 0;
    let came = 0;
    for (const one of report.missing) if (one.what === 'file') came += this.received(one) - one.received;
    return Math.max(0, report.missingBytes - came);
  });

  /** Milliseconds that the rest takes as it goes now; null: nothing comes, or it is not known yet. */
  readonly remaining = $derived(this.#speed > 0 && this.left > 0 ? this.left / this.#speed : null);

  async check(): Promise<void> {
    this.#timer?.dispose();
    this.#timer = null;
    this.#asking = true;
    await this.#asked.ask();
    this.#asking = false;
    // eslint-disable-next-line svelte/prefer-svelte-reactivity -- replaced as a whole by each change
    this.#received = new Map();
    this.#mark();
    // Nothing tells when the host has read the last document, or when the relay has told the last of what it has.
    if (this.report?.reading || this.report?.known.how === 'asking') this.#soon(LONG_PATIENCE);
  }

  /** Left out: all of them. Rejects with why it is not so. */
  async fetch(files?: readonly FileAt[]): Promise<{ readonly bytes: number; readonly free: number } | null> {
    const began = await this.#connection.call('travel.fetch', { workspace: this.#workspace, ...places(files) });
    await this.check();
    return began.kind === 'no-room' ? began : null;
  }

  async pause(files?: readonly FileAt[]): Promise<void> {
    await this.#connection.call('travel.pause', { workspace: this.#workspace, ...places(files) });
    await this.check();
  }

  async choose(choice: TravelChoice): Promise<void> {
    await this.#connection.call('travel.choose', { workspace: this.#workspace, choice });
    await this.check();
  }

  dispose(): void {
    this.#disposed = true;
    this.#timer?.dispose();
    this.#held.dispose();
  }

  #files(blobs: readonly (FileAt & { readonly state: string; readonly received?: number })[]): void {
    // eslint-disable-next-line svelte/prefer-svelte-reactivity -- replaced as a whole by each change
    const next = new Map(this.#received);
    for (const one of blobs) {
      if (one.state === 'coming') next.set(fileKey(one), one.received ?? 0);
      else this.#soon();
    }
    this.#received = next;
    this.#mark();
  }

  /** Typing moves the outbox with every key: only what is counted here is a reason to ask. */
  #truths({ link, fetching, attachments, rehearsing }: Truths): void {
    const heard = JSON.stringify([link.state, fetching, attachments.missing, rehearsing ?? null]);
    if (heard === this.#heard) return;
    this.#heard = heard;
    this.#soon();
  }

  #mark(): void {
    const at = this.#clock.now();
    this.#marks = [...this.#marks.filter((one) => at - one.at < SPAN), { at, left: this.left }];
    const [first] = this.#marks;
    this.#speed = first && at - first.at > 500 ? Math.max(0, first.left - this.left) / (at - first.at) : 0;
  }

  #soon(wait = PATIENCE): void {
    if (this.#disposed) return;
    this.#timer ??= this.#clock.after(wait, () => void this.check());
  }
}

function places(files: readonly FileAt[] | undefined): { files?: FileAt[] } {
  return files ? { files: files.map(({ space, blob }) => ({ space, blob })) } : {};
}
