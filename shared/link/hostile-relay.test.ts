// Shows what a host keeps of a relay that sends it whatever it likes: nothing; what waits goes on waiting, and an honest relay gets it.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NOBODY } from '../../tests/support/linked-hubs.ts';
import { Pipe } from '../../tests/support/pipe.ts';
import { RoomSourceDouble } from '../../tests/support/room-source-double.ts';
import { spoiledFrame } from '../../tests/support/spoiled-frames.ts';
import { eventually } from '../../tests/support/eventually.ts';
import { Backoff } from '../base/backoff.ts';
import { systemClock } from '../base/clock.ts';
import { silentLogger } from '../base/logger.ts';
import { encodeLinkFrame } from '../protocol/link-frames.ts';
import { acceptLink } from './accept-link.ts';
import { Link } from './link.ts';
import { VolatileLinkMemory } from './link-memory.ts';

const W = 'workspace';
const PAGE = `${W}/space/page`;
const HELLO = {
  kind: 'hello',
  versions: [1],
  hub: 'hostile',
  epoch: 'e',
  workspace: W,
  device: '',
  features: 31,
} as const;

it('[LF1] [LP5] whatever the relay of a host sends: at worst the link ends, nothing of it stays, and an honest relay has everything in the end', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(spoiledFrame(), { maxLength: 12 }), async (frames) => {
      const member = new RoomSourceDouble(W);
      const relay = new RoomSourceDouble(W);
      member.type(PAGE, 'mine ');
      relay.type(`${W}/space/theirs`, 'theirs');
      let honest = false;
      let pipe = new Pipe();
      const link = new Link({
        source: member,
        workspace: W,
        principal: NOBODY,
        memory: new VolatileLinkMemory(),
        url: 'ws://relay.test',
        clock: systemClock,
        backoff: new Backoff({ first: 2, longest: 4 }),
        logger: silentLogger,
        dial: () => {
          pipe = new Pipe();
          if (honest) {
            const options = {
              source: relay,
              workspace: W,
              principal: NOBODY,
              clock: systemClock,
              logger: silentLogger,
            };
            acceptLink(pipe.b, options);
          } else {
            pipe.b.onMessage(() => undefined);
            for (const frame of [encodeLinkFrame(HELLO), ...frames]) pipe.b.send(frame);
          }
          return Promise.resolve(pipe.a);
        },
      });
      await link.start();
      await eventually(() => expect(pipe.waiting).toBe(0));
      honest = true;
      pipe.cut();
      // A rule that was broken is final: a person asks for another try.
      if (link.status.state === 'refused') link.retryNow();
      await eventually(() => {
        if (link.status.state === 'refused') link.retryNow();
        expect([link.status.state, link.outbox()]).toEqual(['online', []]);
        expect(relay.text(PAGE)).toBe(member.text(PAGE));
      });
      await link.settled();
      expect(member.text(PAGE)).toContain('mine ');
      expect(member.text(`${W}/space/theirs`)).toBe('theirs');
      await link.close();
      expect([member.held, member.listeners]).toEqual([0, 0]);
    }),
    { numRuns: process.env['CARAVAN_LONG'] === '1' ? 2_000 : 30 },
  );
});
