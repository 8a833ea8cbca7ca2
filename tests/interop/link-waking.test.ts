// Sleep, dead lines and flapping between a real host process and a real relay process, through a proxy that cuts or swallows.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hostBehindProxy, inStep, synced, until } from '../support/host-behind-proxy.ts';
import { builtPrograms, type Programs } from './hostile/victim.ts';

const LONG = process.env['CARAVAN_LONG'] === '1';
const CUTS = LONG ? 200 : 60;
const CUT_EVERY = 200;
/** What is promised; tests that share their processor with others are given more. */
const WAKING = LONG ? 10_000 : 30_000;
const MiB = 1024 * 1024;

let programs: Programs;
beforeAll(() => {
  programs = builtPrograms();
});
afterAll(() => programs.dispose());

describe('[CL1] a line that is cut every 200 ms', () => {
  test(
    `${CUTS} cuts leave no file, socket, timer or memory behind in either process, and both are in step soon after`,
    { timeout: 240_000 },
    async () => {
      const made = await hostBehindProxy(programs);
      const { host, relay, proxy } = made;
      const [window, guest] = [made.window(), made.guest()];
      await Promise.all([synced(window), synced(guest)]);
      await inStep(window, guest, WAKING);
      const flap = async (times: number): Promise<void> => {
        for (let at = 0; at < times; at += 1) {
          window.write(`w${at} `);
          guest.write(`g${at} `);
          const before = Date.now();
          await until(() => Date.now() - before >= CUT_EVERY, 'the next cut');
          proxy.cut();
        }
      };
      // What is made once (compiled code, caches, pools) is there after a few.
      await flap(15);
      await inStep(window, guest, WAKING);
      const counts = async () => ({
        files: [host.files, relay.files],
        timers: await Promise.all([host.timers(), relay.timers()]),
        memory: await Promise.all([host.memory(), relay.memory()]),
      });
      const before = await counts();
      const dials = proxy.dials;
      await flap(CUTS);
      await inStep(window, guest, WAKING);
      expect(proxy.dials - dials).toBeGreaterThan(2);
      let after = await counts();
      const isBack = (): boolean =>
        [0, 1].every(
          (end) =>
            after.files[end]! <= before.files[end]! + 3 &&
            after.timers[end]! <= before.timers[end]! + 6 &&
            after.memory[end]! <= before.memory[end]! + 8 * MiB,
        );
      const end = Date.now() + 30_000;
      while (!isBack() && Date.now() < end) after = await counts();
      process.stderr.write(`${CUTS} cuts, ${proxy.dials - dials} dials: ${JSON.stringify({ before, after })}\n`);
      expect(isBack()).toBe(true);
    },
  );
});

describe('[HB3] a computer that sleeps', () => {
  test('is back soon after waking, though its line died meanwhile and nobody told', { timeout: 120_000 }, async () => {
    const made = await hostBehindProxy(programs);
    const { host, proxy } = made;
    const [window, guest] = [made.window(), made.guest()];
    await Promise.all([synced(window), synced(guest)]);
    await inStep(window, guest, WAKING);
    host.signal('SIGSTOP');
    const slept = Date.now();
    // What lies in its socket when it wakes is no answer of a line that is dead by then.
    const { carried } = proxy;
    guest.write('still heard ');
    await until(() => proxy.carried > carried, 'bytes for the one that sleeps');
    proxy.goDead();
    guest.write('while it slept ');
    window.write('typed on waking ');
    // Longer than what a program calls sleep: it looks at its clock every three seconds.
    await until(() => Date.now() - slept > 8_000, 'a short sleep');
    host.signal('SIGCONT');
    await until(() => window.text.includes('while it slept '), 'what was written meanwhile', WAKING);
    await until(() => guest.text.includes('typed on waking '), 'what was typed', WAKING);
    expect(window.text).toBe(guest.text);
  });

  test.runIf(LONG)(
    '[HB2] a line that goes dead under a program that is awake is noticed within 45 s (CARAVAN_LONG=1)',
    { timeout: 180_000 },
    async () => {
      const made = await hostBehindProxy(programs);
      const { proxy } = made;
      const [window, guest] = [made.window(), made.guest()];
      await Promise.all([synced(window), synced(guest)]);
      await inStep(window, guest, WAKING);
      const dials = proxy.dials;
      proxy.goDead();
      guest.write('into the dead line ');
      await until(() => proxy.dials > dials, 'a new line', 45_000);
      await until(() => window.text.includes('into the dead line '), 'what was written meanwhile', WAKING);
      await inStep(window, guest, WAKING);
    },
  );
});
