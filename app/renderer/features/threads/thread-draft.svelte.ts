// What I am typing in one place and have not posted: kept by the host, by device, and shown again after a restart.
import type { Clock } from '../../../../shared/base/clock.ts';
import type { Disposable } from '../../../../shared/base/disposable.ts';
import type { HostConnection } from '../../connection/host-connection.ts';

/** Milliseconds after the last key after which what is typed is stored. */
const SOON = 400;

interface Parts {
  readonly connection: HostConnection;
  readonly clock: Clock;
  readonly workspace: string;
  /** A thread, or a space in which one is begun. */
  readonly place: string;
  readonly device: string;
  /** A post of the thread that is edited. */
  readonly post?: string;
  /** What stands in the field where nothing was typed before. */
  readonly initial?: string;
}

/** What is typed is stored also after dispose(), and when a host that was away is back. */
export class ThreadDraft implements Disposable {
  readonly #parts: Parts;
  readonly #status: Disposable;
  #text = $state('');
  #form = $state('');
  #note = $state<'' | 'Draft saved' | 'Not saved yet'>('');
  /** What another device of mine has there, until it is taken or typed over. */
  #elsewhere = $state('');
  /** What went out and is not known to be kept. */
  #sent: readonly string[] = [];
  #timer: Disposable | null = null;
  #typed = false;
  /** What was stored here is in the field: before that nothing is written over it. */
  #read = false;
  #disposed = false;
  #working: Promise<void>;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#text = parts.initial ?? '';
    this.#status = parts.connection.onStatus(({ state }) => {
      if (state === 'online' && (!this.#read || this.#note === 'Not saved yet')) void this.flush();
    });
    this.#working = this.#load();
  }

  get text(): string {
    return this.#text;
  }
  /** What else stands in the form of a new thread, as it was given; '' for nothing. */
  get form(): string {
    return this.#form;
  }
  get note(): string {
    return this.#text === '' && this.#form === '' ? '' : this.#note;
  }
  get elsewhere(): string {
    return this.#elsewhere;
  }

  set(text: string, form = this.#form): void {
    this.#typed = true;
    this.#text = text;
    this.#form = form;
    this.#note = 'Not saved yet';
    this.#timer?.dispose();
    this.#timer = this.#parts.clock.after(SOON, () => void this.flush());
  }

  takeOther(): void {
    this.set([this.#text, this.#elsewhere].filter((one) => one !== '').join('\n\n'));
    this.#elsewhere = '';
  }

  /** The words went out: the field is empty, and they leave what is stored when they are `kept` elsewhere. */
  sent(kept: Promise<void>): void {
    const words = this.#text;
    this.#sent = [...this.#sent, words];
    this.set('');
    void this.flush();
    void kept.then(() => {
      this.#sent = this.#sent.filter((_, at) => at !== this.#sent.indexOf(words));
      return this.flush();
    });
  }

  /** The field stands there again: with what was typed, else with `initial`. */
  beginWith(initial: string): void {
    if (this.#text !== '') return;
    this.#typed = false;
    this.#text = initial;
    this.#note = '';
  }

  /** Nothing of it is wanted any more. */
  discard(): void {
    this.set('', '');
    void this.flush();
  }

  /** Stores what is typed now; one after another, so that the last words stand. */
  flush(): Promise<void> {
    this.#timer?.dispose();
    this.#timer = null;
    this.#working = this.#working.then(() => this.#write());
    return this.#working;
  }

  /** What is not stored yet is stored now: the window may go away. */
  leave(): void {
    if (this.#timer) void this.flush();
  }

  dispose(): void {
    this.#disposed = true;
    this.leave();
    if (this.#note !== 'Not saved yet') this.#status.dispose();
  }

  async #write(): Promise<void> {
    if (!this.#read) await this.#load();
    const { connection, workspace, place, post } = this.#parts;
    if (!this.#read || !this.#typed) return;
    const [field, form] = [this.#text, this.#form];
    const text = [...this.#sent, field].filter((one) => one !== '').join('\n\n');
    const said = { text, ...(form === '' ? {} : { form }), ...(post === undefined ? {} : { post }) };
    try {
      await connection.call('draft.write', { workspace, place, ...said });
      if (this.#text !== field || this.#form !== form) return;
      this.#note = 'Draft saved';
      if (this.#disposed && this.#timer === null) this.#status.dispose();
    } catch {
      this.#note = 'Not saved yet'; // It stays in the field, and is tried again with the next key, or when the host is back.
    }
  }

  async #load(): Promise<void> {
    const { connection, workspace, place, device, post } = this.#parts;
    try {
      const drafts = await connection.call('draft.of', { workspace, place, ...(post === undefined ? {} : { post }) });
      const mine = drafts.find((one) => one.device === device);
      this.#elsewhere = drafts.find((one) => one.device !== device)?.text ?? '';
      this.#read = true;
      if (!mine) return;
      // What was stored before the answer came stands in front of what was typed.
      if (this.#typed) {
        this.set([mine.text, this.#text].filter((one) => one !== '').join('\n\n'), this.#form || mine.form);
      } else {
        [this.#text, this.#form] = [mine.text, mine.form];
        this.#note = 'Draft saved';
      }
    } catch {
      return; // The host is away: the field can be typed in, and it is asked again when something is to be stored.
    }
  }
}
