// The sockets of multicast DNS (RFC 6762), one for each interface and family, behind a small port. What is said and heard is not understood here, and no error leaves it.
import { createSocket } from 'node:dgram';
import makeDns, { type MulticastSocket } from 'multicast-dns';
import { systemClock } from '../../../../shared/base/clock.ts';
import { Emitter, type Event } from '../../../../shared/base/emitter.ts';
import type { Logger } from '../../../../shared/base/logger.ts';
import { localNetworks, zoneOf, type LocalNetwork } from './local-networks.ts';
import { SERVICE, type ServicePacket } from './service-records.ts';

export interface HeardPacket {
  readonly kind: 'query' | 'response';
  readonly packet: unknown;
  /** The address that it came from. */
  readonly from: string;
  readonly network: LocalNetwork;
}

export interface Multicast {
  readonly onHeard: Event<HeardPacket>;
  /** All networks of this computer, as at the last refresh. */
  readonly networks: readonly LocalNetwork[];
  /** How many interfaces can be spoken on. */
  readonly open: number;
  /** Opens what is new and closes what is gone; `anew`: everything, since the computer slept. */
  refresh(anew?: boolean): void;
  /** Asks who is here. */
  ask(): void;
  /** @param packet what is said on an interface, given its addresses. */
  say(packet: (addresses: readonly string[]) => ServicePacket): void;
  /** Lets go of every interface, once what was said is out; refresh() comes back. */
  leave(): Promise<void>;
  close(): Promise<void>;
}

const GROUP = { ipv4: '224.0.0.251', ipv6: 'ff02::fb' } as const;
/** A computer with more is a router. */
const MOST_INTERFACES = 16;
/** Milliseconds for what is still being said. */
const FAREWELL = 200;

interface Voice {
  readonly network: LocalNetwork;
  readonly socket: MulticastSocket;
}

/** @param networks replaced by tests. @param port 5353, but in tests. @param internal also the interface that leads to this computer alone. */
export function openMulticast(
  logger: Logger,
  { networks = localNetworks, port = 5353, internal = false } = {},
): Multicast {
  const heard = new Emitter<HeardPacket>();
  const voices = new Map<string, Voice>();
  const saying = new Set<Promise<void>>();
  let known: readonly LocalNetwork[] = [];

  function drop(key: string): void {
    const voice = voices.get(key);
    voices.delete(key);
    voice?.socket.destroy();
  }

  function openOne(key: string, network: LocalNetwork): void {
    const isIPv6 = network.family === 'ipv6';
    // One socket each: a shared one speaks on the interface that the system likes best.
    const socket = makeDns({
      socket: createSocket({ type: isIPv6 ? 'udp6' : 'udp4', reuseAddr: true, ipv6Only: isIPv6 }),
      type: isIPv6 ? 'udp6' : 'udp4',
      port,
      ip: GROUP[network.family],
      interface: isIPv6 ? `::%${zoneOf(network)}` : network.address,
      bind: isIPv6 ? '::' : '0.0.0.0',
    });
    voices.set(key, { network, socket });
    const failed = (error: unknown): void => {
      if (voices.get(key)?.socket !== socket) return;
      logger.log('info', 'no-multicast', { on: network.name, family: network.family, error: String(error) });
      drop(key);
    };
    socket.on('error', failed);
    socket.on('warning', (error) => {
      // What others send that is no DNS is their affair; an interface that takes no members cannot be listened on.
      // It tells so in the middle of opening, and goes on with the socket: that is closed when it is through.
      if (isRecord(error) && error['syscall'] === 'addMembership') setImmediate(() => failed(error));
    });
    const hear = (kind: HeardPacket['kind']) => (packet: unknown, about: unknown) => {
      const from = isRecord(about) && typeof about['address'] === 'string' ? about['address'] : '';
      heard.fire({ kind, packet, from, network });
    };
    socket.on('query', hear('query'));
    socket.on('response', hear('response'));
  }

  /** On each that is open; one that fails is told by the state alone, as it may come back. */
  function onEach(run: (voice: Voice, done: (error?: Error | null) => void) => void): void {
    for (const [key, voice] of voices) {
      const said = new Promise<void>((resolve) => {
        run(voice, (error) => {
          if (error) logger.log('info', 'not-said', { on: key, error: String(error) });
          resolve();
        });
      }).finally(() => saying.delete(said));
      saying.add(said);
    }
  }

  async function leave(): Promise<void> {
    const open = [...voices.values()];
    voices.clear();
    // A goodbye is lost with the socket that it waits in.
    await new Promise<void>((resolve) => {
      const late = systemClock.after(FAREWELL, resolve);
      void Promise.all(saying).then(() => {
        late.dispose();
        resolve();
      });
    });
    await Promise.all(open.map(({ socket }) => new Promise<void>((resolve) => socket.destroy(() => resolve()))));
  }

  return {
    onHeard: heard.event,
    get networks() {
      return known;
    },
    get open() {
      return voices.size;
    },
    refresh(anew = false) {
      known = networks();
      const wanted = new Map<string, LocalNetwork>();
      for (const network of known) {
        if (network.internal && !internal) continue;
        const key = `${network.name} ${network.family} ${network.family === 'ipv4' ? network.address : ''}`;
        if (!wanted.has(key) && wanted.size < MOST_INTERFACES) wanted.set(key, network);
      }
      for (const key of [...voices.keys()]) if (anew || !wanted.has(key)) drop(key);
      for (const [key, network] of wanted) if (!voices.has(key)) openOne(key, network);
    },
    ask() {
      onEach(({ socket }, done) => socket.query({ questions: [{ name: SERVICE, type: 'PTR' }] }, done));
    },
    say(packet) {
      onEach(({ network, socket }, done) => {
        const addresses = known.filter(({ name }) => name === network.name).map(({ address }) => address);
        socket.respond(packet(addresses), done);
      });
    },
    leave,
    async close() {
      await leave();
      heard.clear();
    },
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
