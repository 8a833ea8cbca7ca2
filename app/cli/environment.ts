// What the command line needs of the process around it, so that commands can run in a test as they run for real.
import type { ElectronRuntime } from './electron-runtime.ts';

/** The files of this copy of Caravan; build/bin/caravan.js knows where they lie. */
export interface ProgramFiles {
  /** The copy's own folder. */
  readonly root: string;
  /** The built windows. */
  readonly windows: string;
  /** The built thread of the search index. */
  readonly search: string;
  readonly electron: () => Promise<ElectronRuntime>;
}

export interface CliEnvironment {
  readonly files: ProgramFiles;
  readonly version: string;
  readonly platform: NodeJS.Platform;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A line of results. */
  readonly out: (line: string) => void;
  /** A line for people: progress, errors. */
  readonly err: (line: string) => void;
  /** Aborted by SIGINT and SIGTERM: store everything and come to an end. */
  readonly stop: AbortSignal;
}
