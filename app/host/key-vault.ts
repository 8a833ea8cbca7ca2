// The port to the system's keyring: seals a small text for this user of this computer. Where nothing can be asked there is `NO_VAULT`.

export interface KeyVault {
  /** What the keyring is called; null: there is none; 'out-of-reach': this program has no way to ask. */
  name(): Promise<{ readonly keyring: string } | null | 'out-of-reach'>;
  /** Null where it does not. */
  seal(text: string): Promise<string | null>;
  /** Null where it does not: it is gone, locked, or another one than sealed it. */
  open(sealed: string): Promise<string | null>;
}

/** Of the command line and the browser shell: only Electron's main process reaches a keyring. */
export const NO_VAULT: KeyVault = {
  name: async () => 'out-of-reach',
  seal: async () => null,
  open: async () => null,
};
