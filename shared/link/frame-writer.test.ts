// Shows that a room message comes out of its fragments as it went in, given in one piece or in two, of every length.
import { expect, it } from 'vitest';
import { Pipe } from '../../tests/support/pipe.ts';
import { framesIn } from '../../tests/support/sent-frames.ts';
import { FakeClock } from '../base/clock.ts';
import { LIMITS } from '../protocol/limits.ts';
import { FrameAssembler } from './frame-assembler.ts';
import { FrameWriter } from './frame-writer.ts';

const bytesOf = (length: number, seed: number): Uint8Array =>
  new Uint8Array(length).map((_, at) => (at * 31 + seed) % 251);

it('[CH6] a message whose body is given apart is cut and sent as one', () => {
  const { fragment } = LIMITS;
  const bodies = [0, 1, 100, 32_000, 33_000, fragment - 5, fragment - 4, fragment - 3, fragment, 3 * fragment + 7];
  for (const body of bodies) {
    for (const head of [1, 4, fragment + 1]) {
      const pipe = new Pipe({ flowing: false });
      const writer = new FrameWriter(pipe.a, new FakeClock(), () => undefined);
      writer.batch();
      const [message, rest] = [bytesOf(head, 1), bytesOf(body, 2)];
      writer.queue(5, true, 0, () => ({ message, body: rest, then: { kind: 'mark', channel: 5, number: 9 } }));
      writer.flush();
      const assembler = new FrameAssembler();
      const frames = framesIn(pipe.a.sent);
      const whole = frames.flatMap((frame) => {
        if (frame.kind !== 'data') return [];
        expect(frame.bytes.length).toBeLessThanOrEqual(fragment);
        const added = assembler.add(frame.channel, frame.bytes, frame.more);
        return added.kind === 'whole' ? [added.message] : [];
      });
      expect(whole.map(({ length }) => length)).toEqual([head + body]);
      expect(whole[0]?.every((byte, at) => byte === (at < head ? message[at] : rest[at - head]))).toBe(true);
      expect(frames.at(-1)).toEqual({ kind: 'mark', channel: 5, number: 9 });
      writer.dispose();
    }
  }
});
