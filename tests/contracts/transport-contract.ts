// What every Transport must do (shared/link/transport.ts); a factory gives a connected pair, and this file holds no adapter.
import { afterEach, describe, expect, it } from 'vitest';
import type { Transport, TransportClose } from '../../shared/link/transport.ts';
import { eventually } from '../support/eventually.ts';

export interface TransportPair {
  readonly a: Transport;
  readonly b: Transport;
  /** Releases what the factory holds. */
  dispose(): Promise<void> | void;
}

export function transportContract(name: string, connect: () => Promise<TransportPair>): void {
  describe(`[TR] transport: ${name}`, () => {
    let pair: TransportPair | null = null;
    const open = async (): Promise<TransportPair> => (pair = await connect());
    afterEach(async () => {
      pair?.a.close(1000, '');
      await pair?.dispose();
      pair = null;
    });
    const collect = (transport: Transport): Uint8Array[] => {
      const messages: Uint8Array[] = [];
      transport.onMessage((message) => messages.push(message));
      return messages;
    };
    const closes = (transport: Transport): TransportClose[] => {
      const heard: TransportClose[] = [];
      transport.onClose((close) => heard.push(close));
      return heard;
    };

    it('[TP1] keeps messages whole and in order, both ways', async () => {
      const { a, b } = await open();
      const atA = collect(a);
      const atB = collect(b);
      for (let i = 0; i < 50; i += 1) {
        a.send(new Uint8Array(i).fill(i));
        b.send(Uint8Array.of(i, i));
      }
      await eventually(() => expect([atA.length, atB.length]).toEqual([50, 50]));
      atB.forEach((message, i) => expect([...message]).toEqual(Array.from({ length: i }, () => i)));
      atA.forEach((message, i) => expect([...message]).toEqual([i, i]));
    });

    it('[TP2] keeps what arrives before anybody listens', async () => {
      const { a, b } = await open();
      const seen = closes(b);
      a.send(Uint8Array.of(1));
      a.send(Uint8Array.of(2));
      const atA = collect(a);
      b.send(Uint8Array.of(9));
      await eventually(() => expect(atA.length).toBe(1));
      const atB = collect(b);
      await eventually(() => expect(atB.map((message) => message[0])).toEqual([1, 2]));
      expect(seen).toEqual([]);
    });

    it('[TP3] carries a view of a larger buffer as that view alone', async () => {
      const { a, b } = await open();
      const atB = collect(b);
      const pool = new Uint8Array(100_000).fill(7);
      a.send(pool.subarray(10, 13));
      await eventually(() => expect(atB.length).toBe(1));
      expect([...(atB[0] ?? [])]).toEqual([7, 7, 7]);
    });

    it('[TP4] carries a megabyte', async () => {
      const { a, b } = await open();
      const atB = collect(b);
      const bytes = new Uint8Array(1 << 20).map((_, i) => i % 251);
      a.send(bytes);
      await eventually(() => expect(atB.length).toBe(1));
      expect(Buffer.compare(atB[0] ?? new Uint8Array(), bytes)).toBe(0);
    });

    it('[TP5] tells both ends once that it is closed, with code and reason at the other end', async () => {
      const { a, b } = await open();
      // A socket may be paused until somebody listens to its messages, and then hears no close either.
      collect(a);
      collect(b);
      const atA = closes(a);
      const atB = closes(b);
      a.close(4503, 'stopping');
      a.close(4400, 'again');
      await eventually(() => expect([atA.length, atB.length]).toEqual([1, 1]));
      expect(atB[0]).toEqual({ code: 4503, reason: 'stopping' });
      expect(atA[0]?.code).toBe(4503);
    });

    it('[TP6] delivers what was sent before close, and nothing after', async () => {
      const { a, b } = await open();
      const atB = collect(b);
      const closed = closes(b);
      a.send(Uint8Array.of(1));
      a.close(4503, 'stopping');
      a.send(Uint8Array.of(2));
      await eventually(() => expect(closed.length).toBe(1));
      expect(atB.map((message) => message[0])).toEqual([1]);
      b.send(Uint8Array.of(3));
      expect(b.backlog).toBe(0);
    });
  });
}
