// Somebody at a member's door who should not be let in: speaks the door's messages by hand, and keeps every byte that it was told.
import { onTestFinished } from 'vitest';
import { makeDoorCertificate } from '../../app/host/peers/door-certificate.ts';
import { dialPeer, listenForPeers, type OpenSocket } from '../../app/host/peers/door-socket.ts';
import type { PeerAddress, PeerTalk } from '../../app/host/peers/peer-connection.ts';
import { SocketTalk } from '../../app/host/peers/peer-talk.ts';
import type { DeviceKey } from '../../shared/access/identity.ts';
import { systemClock } from '../../shared/base/clock.ts';
import { fromBase64url } from '../../shared/base/encoding.ts';
import type { TransportClose } from '../../shared/link/transport.ts';
import { WebSocketTransport } from '../../shared/node/ws-transport.ts';

/** One connection of somebody hostile, at either end. */
export class Intruder implements PeerTalk {
  readonly dialed: boolean;
  readonly channel: Uint8Array;
  /** Every message that was received. */
  readonly received: Uint8Array[] = [];
  readonly sent: Uint8Array[] = [];
  readonly closed: Promise<TransportClose>;
  readonly #talk: SocketTalk;
  readonly #transport: WebSocketTransport;
  /** What came out of TLS, message or not. */
  readonly #raw: Buffer[] = [];

  constructor({ socket, stream, channel }: OpenSocket, dialed: boolean) {
    this.dialed = dialed;
    this.channel = channel;
    const transport = new WebSocketTransport(socket);
    stream.on('data', (chunk: Buffer) => this.#raw.push(Buffer.from(chunk)));
    this.closed = new Promise((resolve) => transport.onClose(resolve));
    transport.onMessage((message) => this.received.push(message));
    this.#transport = transport;
    this.#talk = new SocketTalk(transport, dialed, systemClock);
  }

  /** Comes to a door. */
  static async call(address: PeerAddress, from: string): Promise<Intruder> {
    const intruder = new Intruder(await dialPeer(address, from, new AbortController().signal), true);
    onTestFinished(() => intruder.leave());
    return intruder;
  }

  send(message: Uint8Array): void {
    this.sent.push(message);
    this.#talk.send(message);
  }

  receive(): Promise<Uint8Array> {
    return this.#talk.receive();
  }

  leave(): void {
    this.#transport.close(1000, '');
  }

  /** Everything that the other end gave away; frames of a dialing end are masked, so that their content counts here. */
  get heard(): Buffer {
    return Buffer.concat([...this.#raw, ...this.received]);
  }
}

/** A door of somebody hostile: every connection is handed to `meet`. */
export async function rogueDoor(host: string, meet: (intruder: Intruder) => Promise<unknown>) {
  const intruders: Intruder[] = [];
  const listening = await listenForPeers({
    certificate: makeDoorCertificate(),
    address: host,
    port: 0,
    onArrival: () => true,
    onOpen(open) {
      const intruder = new Intruder(open, false);
      intruders.push(intruder);
      // What becomes of it is seen in what it heard.
      meet(intruder).catch(() => undefined);
    },
  });
  onTestFinished(() => listening.close());
  return { address: { host, port: listening.port }, intruders };
}

/** All forms in which somebody could be told who is here: ids and keys, as text and as bytes. */
export function namesOf(keys: readonly DeviceKey[], ids: readonly string[]): Buffer[] {
  const texts = [...ids, ...keys.flatMap(({ id, publicKey }) => [id, publicKey.x])];
  return texts.flatMap((text) => [Buffer.from(text), Buffer.from(fromBase64url(text) ?? text)]);
}
