// What is used of the package multicast-dns, which brings no types. What comes from the network is `unknown`.
declare module 'multicast-dns' {
  import type { Socket } from 'node:dgram';

  export interface MulticastSocket {
    on(event: 'error' | 'warning', listener: (error: unknown) => void): void;
    on(event: 'query' | 'response', listener: (packet: unknown, about: unknown) => void): void;
    query(packet: { readonly questions: readonly unknown[] }, done: (error?: Error | null) => void): void;
    respond(packet: object, done: (error?: Error | null) => void): void;
    destroy(done?: () => void): void;
  }

  export default function makeDns(options: {
    readonly socket: Socket;
    readonly type: 'udp4' | 'udp6';
    readonly port: number;
    readonly ip: string;
    readonly interface: string;
    readonly bind: string;
  }): MulticastSocket;
}
