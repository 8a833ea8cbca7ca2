// A network without sockets for tests of peers: doors between hosts of one process that lead through pipes, proved by nothing but who opened them.
import { AppError } from '../../shared/base/app-error.ts';
import { DisposableStore } from '../../shared/base/disposable.ts';
import type { PeerAddress, PeerConnection, PeerDoor, PeerPurpose } from '../../app/host/peers/peer-connection.ts';
import type { Host } from '../../app/host/host.ts';
import { exchangeLogs as bringInStep } from '../../app/host/peers/log-exchange.ts';
import { Pipe } from './pipe.ts';
import { talkPair } from './talk-pair.ts';

interface Wire {
  readonly from: number;
  readonly to: number;
  readonly workspace: string;
  readonly purpose: PeerPurpose;
  readonly pipe: Pipe;
}

/** Hosts stand at ports of one address; a cut between two of them stays until it is healed. */
export class PeerNet {
  readonly #hosts = new Map<number, Host>();
  readonly #cuts = new Set<string>();
  readonly #held = new DisposableStore();
  readonly wires: Wire[] = [];
  /** Dials that were made, by `<from> <to>`. */
  readonly dials = new Map<string, number>();
  /** Asked before a connection is made; a rejection is the dial's. */
  before: () => Promise<void> = () => Promise.resolve();

  /** From now on the host is at this port, and dials from there. */
  join(host: Host, port: number): void {
    this.#hosts.set(port, host);
    const door: PeerDoor = {
      port,
      dial: (workspace, address, purpose) => this.#dial(port, workspace, address, purpose),
      close: () => Promise.resolve(),
    };
    host.parts.peers.use(door);
  }

  leave(port: number): void {
    this.#hosts.delete(port);
    for (const { from, to, pipe } of this.wires) if (from === port || to === port) pipe.cut();
  }

  addressOf(port: number): PeerAddress {
    return { host: '127.0.0.1', port };
  }

  /** Each of the two hears of the other one, as by discovery. */
  meet(a: number, b: number, workspace: string): void {
    const [one, other] = [this.#at(a), this.#at(b)];
    one.parts.peers.found(workspace, other.parts.device.id, this.addressOf(b));
    other.parts.peers.found(workspace, one.parts.device.id, this.addressOf(a));
  }

  cut(a: number, b: number): void {
    this.#cuts.add(pair(a, b));
    for (const { from, to, pipe } of this.wires) if (pair(from, to) === pair(a, b)) pipe.cut();
  }

  heal(a: number, b: number): void {
    this.#cuts.delete(pair(a, b));
  }

  /** Pipes of links between two that were made and not closed. */
  links(a: number, b: number): readonly Pipe[] {
    return this.wires
      .filter(
        ({ from, to, purpose, pipe }) => purpose === 'link' && pair(from, to) === pair(a, b) && !pipe.a.inbox.closed,
      )
      .map(({ pipe }) => pipe);
  }

  dispose(): void {
    this.#held.dispose();
    for (const { pipe } of this.wires) pipe.cut();
  }

  #at(port: number): Host {
    const host = this.#hosts.get(port);
    if (!host) throw new AppError('unreachable', 'Nobody answers there.');
    return host;
  }

  async #dial(from: number, workspace: string, address: PeerAddress, purpose: PeerPurpose): Promise<PeerConnection> {
    const key = `${from} ${address.port}`;
    this.dials.set(key, (this.dials.get(key) ?? 0) + 1);
    await this.before();
    const [dialing, accepting] = [this.#at(from), this.#at(address.port)];
    if (this.#cuts.has(pair(from, address.port))) throw new AppError('unreachable', 'Nobody answers there.');
    await exchangeLogs(dialing, accepting, workspace);
    const pipe = new Pipe();
    this.wires.push({ from, to: address.port, workspace, purpose, pipe });
    const about = (other: Host, transport: PeerConnection['transport'], dialed: boolean): PeerConnection => {
      const device = other.parts.device.id;
      const member = other.parts.workspaces.find(workspace)?.about.member ?? '';
      const at = dialed ? address : this.addressOf(from);
      return { workspace, purpose, device, member, dialed, address: at, transport };
    };
    if (purpose === 'link') accepting.parts.peers.accept(about(dialing, pipe.b, false));
    else if (purpose === 'blobs') accepting.parts.blobCalls.accept(about(dialing, pipe.b, false));
    else setImmediate(() => pipe.b.close(1000, ''));
    return about(accepting, pipe.a, true);
  }
}

function pair(a: number, b: number): string {
  return [a, b].sort().join(' ');
}

/** As the door has it done before it lets anybody in. */
async function exchangeLogs(one: Host, other: Host, workspace: string): Promise<void> {
  const logs = [one, other].map(({ parts }) => parts.workspaces.find(workspace)?.log);
  if (!logs[0] || !logs[1]) throw notAllowed();
  const { device } = one.parts;
  const { device: answering } = other.parts;
  const [dialing, accepting] = talkPair();
  await Promise.all([
    bringInStep(dialing, logs[0], { device: answering.id, publicKey: answering.publicKey }),
    bringInStep(accepting, logs[1], { device: device.id, publicKey: device.publicKey }),
  ]).catch((error: unknown) => {
    dialing.end();
    throw error;
  });
  for (const log of logs) {
    for (const { parts } of [one, other]) if (!log?.membership.devices.has(parts.device.id)) throw notAllowed();
  }
}

function notAllowed(): AppError {
  return new AppError('not-allowed', 'This device is not let in there.', { details: { closeCode: 4403 } });
}
