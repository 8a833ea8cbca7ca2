// KeyVault over messages to Electron's main process, which alone reaches the system's keyring. It keeps no text.
import type { FromHost, VaultAnswer, VaultAsk } from '../contract/host-messages.ts';
import type { KeyVault } from './key-vault.ts';

/** Main answers each question once; while it does not, its program is not there for windows either. */
export class BrokeredVault implements KeyVault {
  readonly #send: (message: FromHost) => void;
  readonly #waiting = new Map<number, (answer: VaultAnswer) => void>();
  #next = 1;

  constructor(send: (message: FromHost) => void) {
    this.#send = send;
  }

  /** Main said so. */
  answered(id: number, answer: VaultAnswer): void {
    this.#waiting.get(id)?.(answer);
    this.#waiting.delete(id);
  }

  async name(): Promise<{ readonly keyring: string } | null> {
    const keyring = await this.#ask({ what: 'name' });
    return keyring === null ? null : { keyring };
  }

  seal(text: string): Promise<string | null> {
    return this.#ask({ what: 'seal', text });
  }

  open(sealed: string): Promise<string | null> {
    return this.#ask({ what: 'open', text: sealed });
  }

  #ask(ask: VaultAsk): Promise<VaultAnswer> {
    const id = this.#next++;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#send({ type: 'vault-ask', id, ask });
    });
  }
}
