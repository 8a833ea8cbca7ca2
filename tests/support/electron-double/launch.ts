// Starts the compiled main program on the double as a process of its own, and speaks to its control; the caller stops it.
import { fork, type ChildProcess } from 'node:child_process';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '../../..');

export class ElectronDouble {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  #next = 1;
  #log = '';
  /** The exit code, or the signal's name. */
  readonly exited: Promise<number | string>;

  constructor(child: ChildProcess) {
    this.#child = child;
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#log += text;
    });
    child.on('message', (message) => {
      const { id, value, error } = message as { id: number; value: never; error?: string };
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error !== undefined) waiting?.reject(new Error(error));
      else waiting?.resolve(value);
    });
    this.exited = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        for (const { reject } of this.#waiting.values()) reject(new Error(`The program ended.\n${this.#log}`));
        this.#waiting.clear();
        resolve(code ?? signal ?? 'unknown');
      });
    });
  }

  /** What the program wrote to stderr so far. */
  get log(): string {
    return this.#log;
  }

  ask<T>(command: string, args: Record<string, unknown> = {}): Promise<T> {
    const id = this.#next++;
    return new Promise<T>((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (value: never) => void, reject });
      this.#child.send({ id, command, args });
    });
  }

  /** Runs code in the page and gives its value. */
  evaluate<T>(code: string): Promise<T> {
    return this.ask<T>('evaluate', { code });
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}

/**
 * @param main the compiled main program; `dist/electron/main.js` of the project by default
 * @param keyring the file that stands for the system's keyring; '': there is none
 */
export function launchElectronDouble(
  args: readonly string[],
  main = 'dist/electron/main.js',
  keyring = '',
): ElectronDouble {
  const child = fork(path.resolve(ROOT, main), [...args], {
    cwd: ROOT,
    env: { ...process.env, ELECTRON_DOUBLE_KEYRING: keyring },
    execArgv: ['--import', new URL('./register.js', import.meta.url).href],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  return new ElectronDouble(child);
}
