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
}

export class ThreadDraft implements Disposable {
  readonly #parts: Parts;
  #text = $state('');
  #note = $state<'' | 'Draft saved' | 'Not saved yet'>('');
  /** What another device of mine has there, until it is taken or typed over. */
  #elsewhere = $state('');
  #timer: Disposable | null = null;
  #typed = false;
  #writing: Promise<void> = Promise.resolve();

  constructor(parts: Parts) {
    this.#parts = parts;
    void this.#load();
  }

  get text(): string {
    return this.#text;
  }
  get note(): string {
    return this.#text === '' ? '' : this.#note;
  }
  get elsewhere(): string {
    return this.#elsewhere;
  }

  set(text: string): void {
    this.#typed = true;
    this.#text = text;
    this.#note = 'Not saved yet';
    this.#timer?.dispose();
    this.#timer = this.#parts.clock.after(SOON, () => void this.flush());
  }

  takeOther(): void {
    this.set([this.#text, this.#elsewhere].filter((one) => one !== '').join('\n\n'));
    this.#elsewhere = '';
  }

  /** Stores what is typed now; one after another, so that the last words stand. */
  flush(): Promise<void> {
    this.#timer?.dispose();
    this.#timer = null;
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  dispose(): void {
    if (this.#timer) void this.flush();
  }

  async #write(): Promise<void> {
    const { connection, workspace, place } = this.#parts;
    const text = this.#text;
    try {
      await connection.call('draft.write', { workspace, place, text });
      if (this.#text === text) this.#note = 'Draft saved';
    } catch {
      this.#note = 'Not saved yet'; // It stays in the field, and the next key tries again.
    }
  }

  async #load(): Promise<void> {
    const { connection, workspace, place, device } = this.#parts;
    try {
      const drafts = await connection.call('draft.of', { workspace, place });
      const mine = drafts.find((one) => one.device === device);
      this.#elsewhere = drafts.find((one) => one.device !== device)?.text ?? '';
      // What was typed before the answer came stands in front.
      if (!mine) return;
      if (this.#typed && this.#text !== '') this.set(`${mine.text}${this.#text}`);
      else if (!this.#typed) {
        this.#text = mine.text;
        this.#note = 'Draft saved';
      }
    } catch {
      return; // The host is away: the field is empty and can be typed in.
    }
  }
}
