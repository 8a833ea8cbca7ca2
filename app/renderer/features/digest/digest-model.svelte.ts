// What came while this computer was away, asked of the host and asked again when it says something else; which of several is shown, and what is done of it.
import { DisposableStore, type Disposable } from '../../../../shared/base/disposable.ts';
import type { Clock } from '../../../../shared/base/clock.ts';
import type { Digest, ListedItem } from '../../../contract/digest.ts';
import type { HostConnection } from '../../connection/host-connection.ts';
import { Asked } from '../../window/asked.svelte.ts';

/** Milliseconds: what comes in a burst is asked for once. */
const PATIENCE = 200;
/** Titles and names may be others. */
const HEARD = new Set(['digest', 'catalogue', 'members', 'spaces']);

export class DigestModel implements Disposable {
  readonly #connection: HostConnection;
  readonly #clock: Clock;
  readonly #workspace: string;
  readonly #asked: Asked<Digest>;
  readonly #held = new DisposableStore();
  #past = $state<string | null>(null);
  #timer: Disposable | null = null;

  constructor(connection: HostConnection, clock: Clock, workspace: string) {
    this.#connection = connection;
    this.#clock = clock;
    this.#workspace = workspace;
    this.#asked = new Asked(() => connection.call('digest.read', this.#which()));
    this.#held.add(
      connection.onAnnouncement((news) => {
        if (HEARD.has(news.event) && 'workspace' in news && news.workspace === workspace) this.#soon();
      }),
    );
    this.#held.add(
      connection.onStatus(({ state }) => {
        if (state === 'online') this.#soon();
      }),
    );
    void this.#asked.ask();
  }

  get digest(): Digest | null {
    return this.#asked.answer;
  }
  get wrong(): string | null {
    return this.#asked.wrong;
  }
  /** The earlier one that is shown; null: the newest, without what is done. */
  get past(): string | null {
    return this.#past;
  }

  async show(past: string | null): Promise<void> {
    this.#past = past;
    await this.#asked.ask();
  }

  /** Rejects where it could not be stored. Answers with what is done now that was not before. */
  async done(items: readonly ListedItem[] | null): Promise<readonly string[]> {
    const keys = items?.map(({ key }) => key);
    const { keys: told } = await this.#connection.call('digest.done', {
      workspace: this.#workspace,
      ...(keys ? { keys } : {}),
      done: true,
    });
    await this.#asked.ask();
    return told;
  }

  async takeBack(keys: readonly string[]): Promise<void> {
    await this.#connection.call('digest.done', { workspace: this.#workspace, keys: [...keys], done: false });
    await this.#asked.ask();
  }

  markdown(): Promise<{ name: string; markdown: string }> {
    return this.#connection.call('digest.markdown', this.#which());
  }

  dispose(): void {
    this.#timer?.dispose();
    this.#held.dispose();
  }

  #which(): { workspace: string; past?: string } {
    return { workspace: this.#workspace, ...(this.#past === null ? {} : { past: this.#past }) };
  }

  #soon(): void {
    this.#timer ??= this.#clock.after(PATIENCE, () => {
      this.#timer = null;
      void this.#asked.ask();
    });
  }
}
