// What an accepting end reads of its own accord is asked for again when the other end judges otherwise, and never lost between the two.
import { expect, it } from 'vitest';
import { ReadRooms } from './read-rooms.ts';
import type { RoomChannel } from './room-channel.ts';
import type { OpenOutcome, RoomHandle } from './room-source.ts';

class Ends {
  readonly opened: RoomChannel[] = [];
  readonly closed: RoomChannel[] = [];
  disposed = 0;
  here: 'open' | 'refused' = 'open';
  readonly reads = new ReadRooms({
    open: (room) => Promise.resolve(this.#outcome(room)),
    channel: (handle) => {
      const channel = { room: handle } as RoomChannel;
      this.opened.push(channel);
      return channel;
    },
    close: (channel) => void this.closed.push(channel),
  });

  get last(): RoomChannel {
    const channel = this.opened.at(-1);
    if (!channel) throw new Error('Nothing was opened.');
    return channel;
  }

  #outcome(name: string): OpenOutcome {
    if (this.here === 'refused') return { kind: 'refused', code: 4403, reason: '' };
    return { kind: 'open', room: { name, dispose: () => (this.disposed += 1) } as unknown as RoomHandle };
  }
}

const turn = async (): Promise<void> => {
  for (let turns = 0; turns < 5; turns += 1) await Promise.resolve();
};

it('[PE63] a room is opened once the other end is there, and closed with the last who wants it', async () => {
  const ends = new Ends();
  const reading = ends.reads.read('w/s/name');
  await turn();
  expect(ends.opened).toEqual([]);
  ends.reads.begin();
  await turn();
  expect(ends.opened).toHaveLength(1);
  reading.dispose();
  expect(ends.closed).toEqual([ends.last]);
});

it('[PE63] what was refused is asked for again when the other end judges otherwise, and not before', async () => {
  const ends = new Ends();
  ends.reads.begin();
  ends.reads.read('w/s/name');
  await turn();
  ends.reads.ended(ends.last);
  await turn();
  expect(ends.opened).toHaveLength(1);
  ends.reads.retry();
  await turn();
  expect(ends.opened).toHaveLength(2);
  // One that stands is left alone.
  ends.reads.retry();
  await turn();
  expect(ends.opened).toHaveLength(2);
});

it('[PE63] a refusal that comes behind the word of other rights was judged by the ones before', async () => {
  const ends = new Ends();
  ends.reads.begin();
  ends.reads.read('w/s/name');
  await turn();
  ends.reads.retry();
  ends.reads.ended(ends.last);
  await turn();
  expect(ends.opened).toHaveLength(2);
  ends.reads.ended(ends.last);
  await turn();
  expect(ends.opened).toHaveLength(2);
});

it('[PE63] what this end may not open yet is tried again too; nothing is opened behind the end', async () => {
  const ends = new Ends();
  ends.here = 'refused';
  ends.reads.begin();
  ends.reads.read('w/s/name');
  await turn();
  ends.here = 'open';
  ends.reads.retry();
  ends.reads.dispose();
  await turn();
  expect(ends.opened).toEqual([]);
  expect(ends.disposed).toBe(1);
});
