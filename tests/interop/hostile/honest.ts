// Two honest stock clients in a room while somebody else attacks: their words must pass, within seconds, all the time.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { stockClient, synced, until, type StockClient } from '../../support/stock-client.ts';

/** Generous for a busy machine; how long it takes is measured by a SteadyPair. */
const PATIENCE = 10_000;

export class HonestPair {
  readonly ana: StockClient;
  readonly bo: StockClient;
  #word = 0;

  private constructor(ana: StockClient, bo: StockClient) {
    this.ana = ana;
    this.bo = bo;
  }

  /** @param protocols offered, a ticket among them where one is asked for. */
  static async join(url: string, room: string, protocols: readonly string[] = []): Promise<HonestPair> {
    const join = (): StockClient => stockClient(url, room, { protocols: [...protocols] });
    const pair = new HonestPair(join(), join());
    await Promise.all([synced(pair.ana), synced(pair.bo)]);
    return pair;
  }

  /** Both write a word that the other sees. */
  async talk(): Promise<void> {
    this.#word += 1;
    const words = [`ana${this.#word} `, `bo${this.#word} `] as const;
    this.ana.write(words[0]);
    this.bo.write(words[1]);
    await until(() => this.bo.text.includes(words[0]), 'Bo sees the word of Ana', PATIENCE);
    await until(() => this.ana.text.includes(words[1]), 'Ana sees the word of Bo', PATIENCE);
  }
}

/** How long one word took from typed to shown at the other (milliseconds). */
export interface Word {
  readonly took: number;
  /** For how much of it at least the program, or who reads, had no processor. */
  readonly waited: number;
}

/** Two honest stock clients that write twenty words a second each, all the time, beside the thread in which the attack runs. */
export class SteadyPair {
  readonly #worker: Worker;

  private constructor(worker: Worker) {
    this.#worker = worker;
  }

  /** Ended with the test at the latest. */
  static async start(
    at: { readonly url: string; readonly pid: number },
    room: string,
    protocols: readonly string[] = [],
  ): Promise<SteadyPair> {
    const worker = new Worker(new URL('./steady-pair.js', import.meta.url), {
      workerData: { url: at.url, pid: at.pid, room, protocols },
    });
    onTestFinished(() => void worker.terminate());
    await once(worker, 'message');
    return new SteadyPair(worker);
  }

  /** From here on words count. */
  begin(): void {
    this.#worker.postMessage('begin');
  }

  /** The words since then, once all of them are shown. */
  async words(): Promise<readonly Word[]> {
    const told = once(this.#worker, 'message');
    this.#worker.postMessage('words');
    const [words] = (await told) as [readonly Word[]];
    return words;
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}

/** A WebSocket client that sends whatever it is told to, with the code that it was closed with. */
export interface Offender {
  readonly socket: WebSocket;
  /** Resolves with the close code; 1006 where the connection was just cut. */
  readonly closed: Promise<number>;
}

/** @param localAddress where it seems to come from: a relay on this computer is reached from all of 127.0.0.0/8. */
export async function offender(
  url: string,
  protocols: readonly string[] = ['caravan.v1'],
  heard?: (message: Buffer) => void,
  localAddress = '127.0.0.1',
): Promise<Offender> {
  const socket = new WebSocket(url, [...protocols], { perMessageDeflate: false, localAddress });
  // From the first message on: the greeting may come in one piece with the answer to the upgrade.
  if (heard) socket.on('message', heard);
  socket.on('error', () => undefined);
  const closed = new Promise<number>((resolve) => socket.once('close', (code) => resolve(code)));
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    void closed.then((code) => reject(new Error(`closed with ${code} before it was open`)));
  });
  return { socket, closed };
}
