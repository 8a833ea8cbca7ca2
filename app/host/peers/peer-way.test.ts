// When another device is dialed: at once, again after a loss, on another network, and when not; on a clock of its own.
import { expect, it } from 'vitest';
import { AppError } from '../../../shared/base/app-error.ts';
import { FakeClock } from '../../../shared/base/clock.ts';
import { Pipe } from '../../../tests/support/pipe.ts';
import type { PeerConnection } from './peer-connection.ts';
import { PeerWay } from './peer-way.ts';

const HOME = { host: '192.168.1.2', port: 4000 };

/** A way to the device `b`, dialed by `own`; whatever is dialed waits for the test. */
function wayOf(own: 'a' | 'c') {
  const clock = new FakeClock();
  const dials: { readonly at: number; readonly done: (outcome: PeerConnection | AppError) => void }[] = [];
  const ended: boolean[] = [];
  let ends: ((code: number, reason: string) => void) | null = null;
  let may = true;
  const way = new PeerWay({
    ...{ own, device: 'b', clock, random: () => 0.999, mayLink: () => may, onChange: () => undefined },
    dial: () =>
      new Promise((resolve, reject) => {
        const done = (outcome: PeerConnection | AppError): void =>
          outcome instanceof AppError ? reject(outcome) : resolve(outcome);
        dials.push({ at: clock.now(), done });
      }),
    open: (connection, { onEnd }) => {
      ends = onEnd;
      return {
        ...{
          connection,
          isUp: true,
          isQuiet: true,
          dialing: null,
          ask: () => undefined,
          rightsChanged: () => undefined,
        },
        pin: () => ({ dispose: () => undefined }),
        list: () => undefined,
        // As a link does: whoever made it hears of its end, also of one that it asked for.
        end: (code, reason) => {
          ended.push(connection.dialed);
          onEnd(code, reason);
          return Promise.resolve();
        },
      };
    },
  });
  const connection = (dialed: boolean): PeerConnection => ({
    ...{ workspace: 'w', purpose: 'link', device: 'b', member: 'm', dialed, address: HOME, transport: new Pipe().a },
  });
  const settled = (): Promise<unknown> => new Promise((resolve) => setImmediate(resolve));
  const fail = async (error: AppError): Promise<void> => {
    dials.at(-1)?.done(error);
    await settled();
  };
  return {
    ...{ clock, way, dials, ended, connection, settled, fail },
    lose: (code = 1006) => ends?.(code, ''),
    allow: (allowed: boolean) => (may = allowed),
  };
}

const AWAY = new AppError('unreachable', 'Nobody answers.');
const REFUSED = new AppError('not-allowed', 'Not let in.', { details: { closeCode: 4403 } });

it('[PE60] is dialed when it is found, later by the greater id, and again within ten seconds however long it was away', async () => {
  const { clock, way, dials, fail } = wayOf('c');
  way.found(HOME);
  clock.advance(0);
  expect(dials).toHaveLength(0);
  clock.advance(1_000);
  expect(dials).toHaveLength(1);
  for (let times = 0; times < 12; times += 1) {
    const before = dials.length;
    await fail(AWAY);
    expect(way.state).toBe('connecting');
    clock.advance(10_000);
    expect(dials.length).toBe(before + 1);
  }
  expect(way.why).toBe('Nobody answers.');
  // On another network it does not wait.
  await fail(AWAY);
  way.networkChanged();
  clock.advance(1_000);
  expect(dials).toHaveLength(14);
  await way.close();
  expect(clock.pending).toBe(0);
});

it('[PE60] a link that ends is dialed again at once, one that was refused later, or where it is found anew; never while it may not be', async () => {
  const { clock, way, dials, fail, connection, settled, lose, allow } = wayOf('a');
  way.found(HOME);
  clock.advance(0);
  dials[0]!.done(connection(true));
  await settled();
  expect([way.state, way.dialed]).toEqual(['linked', true]);
  clock.advance(60_000);
  lose();
  clock.advance(600);
  expect(dials).toHaveLength(2);
  await fail(REFUSED);
  expect([way.state, way.why]).toEqual(['refused', 'Not let in.']);
  way.found(HOME);
  clock.advance(30_000);
  expect(dials).toHaveLength(2);
  way.found({ ...HOME, host: '192.168.1.3' });
  clock.advance(0);
  expect(dials).toHaveLength(3);
  // It comes by itself meanwhile: what is dialed still is judged when it is there, and the one that the smaller id dialed stays.
  way.take(connection(false));
  expect(way.dialed).toBe(false);
  dials[2]!.done(connection(true));
  await settled();
  expect(way.dialed).toBe(true);
  const late = connection(false);
  way.take(late);
  expect([way.dialed, late.transport.backlog]).toEqual([true, 0]);
  allow(false);
  way.stop(4503, '');
  way.retry();
  clock.advance(600_000);
  expect([way.state, dials.length]).toEqual(['seen', 3]);
  await way.close();
  expect(clock.pending).toBe(0);
});

it('[PE60] of two connections the other one ends once, and what replaced it is not taken for a loss', () => {
  const { clock, way, dials, ended, connection } = wayOf('a');
  way.found(HOME);
  way.take(connection(false));
  way.take(connection(true));
  // The former one was ended twice, and counted as a failure that a dial was to follow.
  expect([way.dialed, way.why, ended, clock.pending]).toEqual([true, null, [false], 0]);
  clock.advance(60_000);
  expect(dials).toHaveLength(0);
});

it('[PE60] nobody answers for long: it is given up until it is found again', async () => {
  const { clock, way, dials, fail } = wayOf('a');
  way.found(HOME);
  for (let times = 0; times < 60; times += 1) {
    clock.advance(10_000);
    await fail(AWAY);
  }
  expect(dials.length).toBeLessThan(50);
  expect([way.state, way.isLost]).toEqual(['seen', true]);
  const before = dials.length;
  way.found(HOME);
  clock.advance(0);
  expect(dials).toHaveLength(before + 1);
  await way.close();
});

it('[PE50] where somebody went by a code it is dialed again however long nobody answered, in the end once a minute', async () => {
  const { clock, way, dials, fail, connection, settled, lose } = wayOf('a');
  way.found(HOME, true);
  // Heard as well, and not any more.
  way.found(HOME);
  way.lost(HOME);
  for (let times = 0; times < 60; times += 1) {
    clock.advance(10_000);
    await fail(AWAY);
  }
  expect([way.state, way.isLost]).toEqual(['seen', false]);
  const before = dials.length;
  for (let times = 0; times < 10; times += 1) {
    clock.advance(60_000);
    await fail(AWAY);
  }
  expect(dials.length).toBe(before + 10);
  // It was forgotten after five minutes, and a colleague who came back from lunch needed a new code.
  clock.advance(60_000);
  dials.at(-1)!.done(connection(true));
  await settled();
  expect(way.state).toBe('linked');
  lose();
  clock.advance(10_000);
  expect(dials.length).toBe(before + 12);
  await way.close();
  expect(clock.pending).toBe(0);
});
