import { expect, it } from 'vitest';
import { fewDials } from './few-dials.ts';
import type { PeerConnection, PeerDoor } from './peer-connection.ts';

it('dials few at a time, in order, and by a code at once', async () => {
  const asked: { port: number; end: (error: Error) => void }[] = [];
  const door: PeerDoor = {
    port: 1,
    dial: (_workspace, { port }) =>
      new Promise<PeerConnection>((_resolve, reject) => asked.push({ port, end: reject })),
    close: () => Promise.resolve(),
  };
  const few = fewDials(door, 2);
  const all = [1, 2, 3, 4].map((port) => few.dial('w', { host: '10.0.0.1', port }, 'link').catch(() => port));
  const ports = (): number[] => asked.map(({ port }) => port);
  await expect.poll(ports).toEqual([1, 2]);
  void few.dial('w', { host: '10.0.0.1', port: 9 }, 'link', { code: 'KX4T9M2P' }).catch(() => 9);
  await expect.poll(ports).toEqual([1, 2, 9]);
  asked[1]?.end(new Error('nobody'));
  await expect.poll(ports).toEqual([1, 2, 9, 3]);
  await few.close();
  for (const one of asked) one.end(new Error('nobody'));
  expect(await Promise.all(all)).toEqual([1, 2, 3, 4]);
  expect(ports()).toEqual([1, 2, 9, 3]);
});
