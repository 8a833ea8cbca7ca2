// A keyring for tests: KeyVault in memory, which can be there, gone, or another one. Not a cipher.
import type { KeyVault } from '../../app/host/key-vault.ts';

export class VaultDouble implements KeyVault {
  /** Null: there is no keyring. */
  present: string | null = 'the GNOME keyring';
  /** Which one it is: another one does not open what this one sealed. */
  number = 1;

  async name(): Promise<{ readonly keyring: string } | null> {
    return this.present === null ? null : { keyring: this.present };
  }

  async seal(text: string): Promise<string | null> {
    return this.present === null ? null : Buffer.from(`${this.number} ${text}`).toString('base64');
  }

  async open(sealed: string): Promise<string | null> {
    const text = Buffer.from(sealed, 'base64').toString();
    return this.present !== null && text.startsWith(`${this.number} `) ? text.slice(2) : null;
  }
}
