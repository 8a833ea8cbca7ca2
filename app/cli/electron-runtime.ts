// What the command line uses of build/electron-runtime.js; types only.

export interface ElectronRuntime {
  /** Electron's program file, or null where it is not there. */
  electronExecutable(): string | null;
  electronArguments(data: string | null): string[];
  tryFetchElectron(options: {
    report: (text: string) => void;
  }): Promise<
    | { kind: 'there'; executable: string }
    | { kind: 'failed'; reason: string }
    | { kind: 'tried-before'; at: number; reason: string }
  >;
}
