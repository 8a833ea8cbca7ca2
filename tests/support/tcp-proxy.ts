// A line between two programs that a test can cut, let go dead, or listen in on: bytes pass, or nothing does and nobody is told. It understands none of them.
import net from 'node:net';
import type { AddressInfo } from 'node:net';

interface Pair {
  readonly near: net.Socket;
  readonly far: net.Socket;
  dead: boolean;
}

export class TcpProxy {
  readonly #server: net.Server;
  readonly #pairs = new Set<Pair>();
  /** Connections that were ever made. */
  dials = 0;
  /** Bytes that came from the target and were passed on. */
  carried = 0;
  /** All connections are cut right behind this byte of those that come from the target. */
  cutBehind = Infinity;
  /** Hears what goes to the target. */
  listening: ((bytes: Buffer) => void) | null = null;
  /** Where new connections lead. */
  target: number;

  private constructor(target: number) {
    this.target = target;
    this.#server = net.createServer((near) => this.#join(near));
  }

  static async start(target: number): Promise<TcpProxy> {
    const proxy = new TcpProxy(target);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Connections that are up and alive. */
  get open(): number {
    return [...this.#pairs].filter(({ dead }) => !dead).length;
  }

  /** Ends all connections. */
  cut(): void {
    for (const { near, far } of this.#pairs) for (const socket of [near, far]) socket.destroy();
  }

  /** What is connected now stays so and carries nothing any more, as when the way between two networks is gone. */
  goDead(): void {
    for (const pair of this.#pairs) pair.dead = true;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #join(near: net.Socket): void {
    this.dials += 1;
    const far = net.connect({ host: '127.0.0.1', port: this.target });
    const pair: Pair = { near, far, dead: false };
    this.#pairs.add(pair);
    const carry = (from: net.Socket, to: net.Socket): void => {
      from.on('data', (bytes: Buffer) => {
        if (pair.dead) return;
        if (from === near) {
          this.listening?.(bytes);
          to.write(bytes);
          return;
        }
        const passed = Math.min(bytes.length, this.cutBehind - this.carried);
        this.carried += passed;
        // Destroyed only when it has left: these are the last bytes that arrive.
        to.write(bytes.subarray(0, passed), () => {
          if (passed < bytes.length) this.cut();
        });
        if (passed < bytes.length) this.cutBehind = Infinity;
      });
      from.on('error', () => undefined);
      from.on('close', () => {
        if (!pair.dead) to.destroy();
        if (near.destroyed && far.destroyed) this.#pairs.delete(pair);
      });
    };
    carry(near, far);
    carry(far, near);
  }
}
