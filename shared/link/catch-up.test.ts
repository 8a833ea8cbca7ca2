// Shows which rooms a link opens again, and when: refused ones, failed ones, stalled ones; time is played, hubs are doubles.
import { describe, expect, it } from 'vitest';
import { hubs, linkFixture, room } from '../../tests/support/link-fixture.ts';
import { framesOf, roomsOpened } from '../../tests/support/sent-frames.ts';
import { FakeClock } from '../base/clock.ts';

const { linked } = linkFixture();

/** Lets time and the event loop go on in small steps until `done`, at most for `milliseconds`. */
async function play(clock: FakeClock, milliseconds: number, done: () => boolean): Promise<boolean> {
  for (let passed = 0; passed <= milliseconds; passed += 5) {
    for (let turn = 0; turn < 4; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    if (done()) return true;
    clock.advance(5);
  }
  return false;
}

/** Minutes pass without anything to hear of: heartbeats only. */
async function pass(clock: FakeClock, milliseconds: number): Promise<void> {
  for (let passed = 0; passed < milliseconds; passed += 2_000) {
    clock.advance(2_000);
    for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('[LP4] rooms that could not be brought into step', () => {
  it('are tried again at once where rights changed, and soon where that was told before an answer that was judged without it', async () => {
    const clock = new FakeClock();
    const { member, relay } = hubs();
    relay.refused.set(room('page'), 4403);
    member.type(room('page'), 'mine');
    const { link } = await linked(member, relay, { clock });
    let troubles = 0;
    link.onTrouble(() => (troubles += 1));
    expect(await play(clock, 5_000, () => troubles > 0)).toBe(true);
    // The answer to the next try is on its way when the word of other rights comes.
    const before = relay.opened;
    link.rightsChanged();
    expect(await play(clock, 500, () => relay.opened > before)).toBe(true);
    link.rightsChanged();
    relay.refused.clear();
    expect(await play(clock, 5_000, () => relay.text(room('page')) === 'mine')).toBe(true);
  });

  it('are tried again after five minutes when a window has them open and they were refused', async () => {
    // The live channel of a room that takes no updates stays open for reading; the retry found it open and was dropped.
    const clock = new FakeClock();
    const { member, relay } = hubs();
    relay.readOnly.add(room('page'));
    relay.type(room('page'), 'theirs ');
    member.type(room('page'), 'mine');
    const { link } = await linked(member, relay, { clock });
    link.pin(room('page'));
    expect(await play(clock, 5_000, () => member.text(room('page')).includes('theirs'))).toBe(true);
    expect(await play(clock, 5_000, () => link.status.state === 'online')).toBe(true);
    relay.readOnly.clear();
    await pass(clock, 200_000);
    expect(relay.text(room('page'))).toBe('theirs ');
    await pass(clock, 120_000);
    expect(await play(clock, 5_000, () => relay.text(room('page')).includes('mine'))).toBe(true);
    expect(await play(clock, 5_000, () => link.outbox().length === 0)).toBe(true);
  });

  it('are not forgotten when a try comes due for a room that became even meanwhile, and is written later', async () => {
    // The due try was kept without a time although nothing was to be done: every later change of the room ran into it.
    const clock = new FakeClock();
    const { member, relay } = hubs();
    relay.failing = { kind: 'failed', code: 4507, reason: 'The disk is full.' };
    member.type(room('page'), 'one ');
    const { link } = await linked(member, relay, { clock });
    const opened = (): number => relay.opened;
    expect(await play(clock, 5_000, () => opened() > 0)).toBe(true);
    relay.failing = null;
    // The other end has it from elsewhere, and the receipt comes with a window's channel.
    const pin = link.pin(room('page'));
    expect(await play(clock, 5_000, () => link.outbox().length === 0)).toBe(true);
    pin.dispose();
    await pass(clock, 60_000);
    member.type(room('page'), 'two');
    expect(await play(clock, 5_000, () => relay.text(room('page')) === 'one two')).toBe(true);
  });

  it('wait no longer because the clock was set back', async () => {
    const clock = new FakeClock();
    let shift = 0;
    const shifted = { now: () => clock.now() - shift, after: clock.after.bind(clock) };
    const { member, relay } = hubs();
    relay.failing = { kind: 'failed', code: 4507, reason: 'The disk is full.' };
    member.type(room('page'), 'text');
    const { link } = await linked(member, relay, { clock: shifted });
    expect(await play(clock, 5_000, () => relay.opened > 0)).toBe(true);
    shift = 3_600_000;
    relay.failing = null;
    expect(await play(clock, 10_000, () => relay.text(room('page')) === 'text')).toBe(true);
    // Nor does the link lose its heartbeat, or its sense of silence.
    const made = link.status.state;
    await pass(clock, 120_000);
    expect([made, link.status.state]).toEqual(['online', 'online']);
  });

  it('are opened anew when a channel stands for a minute and nothing moves', async () => {
    const clock = new FakeClock();
    const { member, relay } = hubs();
    member.type(room('page'), 'text');
    const opening = relay.open.bind(relay);
    let stuck = true;
    relay.open = (name) => (stuck ? new Promise(() => undefined) : opening(name));
    const made = await linked(member, relay, { clock });
    expect(await play(clock, 5_000, () => roomsOpened(made.pipe()).length === 1)).toBe(true);
    stuck = false;
    await pass(clock, 70_000);
    expect(relay.text(room('page'))).toBe('text');
    expect(made.dials()).toBe(1);
    expect(framesOf(made.pipe()).some((frame) => frame.kind === 'close')).toBe(true);
  });

  it('leave no timer behind', async () => {
    const clock = new FakeClock();
    const { member, relay } = hubs();
    for (let i = 0; i < 20; i += 1) {
      member.type(room(`page${i}`), 'text');
      relay.refused.set(room(`page${i}`), i % 2 === 0 ? 4403 : 4507);
    }
    const made = await linked(member, relay, { clock });
    expect(await play(clock, 5_000, () => relay.opened >= 20)).toBe(true);
    expect(clock.pending).toBeGreaterThan(10);
    await made.link.close();
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(clock.pending).toBe(0);
  });
});
