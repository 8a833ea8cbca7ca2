// The host's process under a fake clock: start, crash and back-off, ports that wait, quit that waits for the flush.
import { describe, expect, it } from 'vitest';
import { Backoff } from '../../shared/base/backoff.ts';
import { FakeClock } from '../../shared/base/clock.ts';
import type { ToHost } from '../contract/host-messages.ts';
import { FLUSH_LIMIT, HostProcess, type HostChild } from './host-process.ts';

class FakeChild implements HostChild<string> {
  readonly sent: { message: ToHost; ports: string[] }[] = [];
  killed = false;
  #message: (message: unknown) => void = () => undefined;
  #exit: (code: number) => void = () => undefined;
  postMessage(message: ToHost, ports: string[] = []): void {
    this.sent.push({ message, ports });
  }
  kill(): boolean {
    this.killed = true;
    return true;
  }
  on(event: 'message' | 'exit', listener: (value: never) => void): void {
    if (event === 'message') this.#message = listener as (message: unknown) => void;
    else this.#exit = listener as (code: number) => void;
  }
  say(message: unknown): void {
    this.#message(message);
  }
  exit(code: number): void {
    this.#exit(code);
  }
}

function setUp() {
  const clock = new FakeClock();
  const children: FakeChild[] = [];
  const host = new HostProcess<string>({
    clock,
    backoff: new Backoff({ first: 1_000, longest: 8_000, random: () => 1 }),
    keyring: (ask) => (ask.what === 'name' ? 'GNOME keyring' : `${ask.what} ${ask.text}`),
    fork() {
      const child = new FakeChild();
      children.push(child);
      return child;
    },
  });
  const states: string[] = [];
  host.onState((state) => states.push(state.state));
  return { clock, children, host, states };
}

describe('the host process', () => {
  it('[issue 2, item 5] keeps ports until the host is ready, in order', () => {
    const { children, host } = setUp();
    host.start();
    host.givePort('a');
    host.givePort('b');
    expect(children[0]!.sent).toEqual([]);
    children[0]!.say({ type: 'ready' });
    host.givePort('c');
    expect(children[0]!.sent.map(({ ports }) => ports)).toEqual([['a'], ['b'], ['c']]);
    expect(children[0]!.sent.every(({ message }) => message.type === 'window-port')).toBe(true);
  });

  it('[issue 2, item 5] starts a crashed host again after the back-off, longer each time, and gives it the new ports', () => {
    const { clock, children, host, states } = setUp();
    host.start();
    children[0]!.say({ type: 'ready' });
    children[0]!.exit(9);
    host.givePort('asked while it was gone');
    clock.advance(999);
    expect(children).toHaveLength(1);
    clock.advance(1);
    expect(children).toHaveLength(2);
    children[1]!.say({ type: 'ready' });
    expect(children[1]!.sent[0]!.ports).toEqual(['asked while it was gone']);
    children[1]!.exit(9);
    clock.advance(1_999);
    expect(children).toHaveLength(2);
    clock.advance(1);
    expect(children).toHaveLength(3);
    expect(states).toEqual(['starting', 'ready', 'crashed', 'starting', 'ready', 'crashed', 'starting']);
  });

  it('does not start a host again that said why it cannot run', () => {
    const { clock, children, host } = setUp();
    host.start();
    children[0]!.say({ type: 'failed', error: { code: 'locked', message: 'In use.' } });
    children[0]!.exit(1);
    expect(host.state).toMatchObject({ state: 'failed', error: { code: 'locked', message: 'In use.' } });
    clock.advance(100_000);
    expect(children).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });

  it('[X10] does not start a host again that found another one on the folder; only an address of this computer counts', async () => {
    const { clock, children, host } = setUp();
    host.start();
    const elsewhere = { type: 'elsewhere', pid: 7, shell: 'browser', url: 'http://127.0.0.1:4711/#token=abc' };
    for (const url of [
      'https://example.org/',
      'http://127.0.0.1.example.org/',
      'http://127.0.0.1:80@example.org/',
      3,
    ]) {
      children[0]!.say({ ...elsewhere, url });
    }
    expect(host.state).toEqual({ state: 'starting' });
    children[0]!.say(elsewhere);
    children[0]!.exit(1);
    expect(host.state).toEqual({ state: 'elsewhere', pid: 7, shell: 'browser', url: elsewhere.url });
    expect(await host.stop()).toBe('not-running');
    clock.advance(100_000);
    expect(children).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });

  it('[X7] waits for the flush when quitting, and leaves no timer', async () => {
    const { clock, children, host } = setUp();
    host.start();
    children[0]!.say({ type: 'ready' });
    const stopped = host.stop();
    expect(host.stop()).toBe(stopped);
    expect(children[0]!.sent.at(-1)!.message).toEqual({ type: 'flush-and-exit' });
    children[0]!.say({ type: 'flushed' });
    children[0]!.exit(0);
    expect(await stopped).toBe('flushed');
    expect(children[0]!.killed).toBe(false);
    expect(clock.pending).toBe(0);
  });

  it('[X7] says so when the host does not confirm its flush in time, or crashes in it', async () => {
    const late = setUp();
    late.host.start();
    late.children[0]!.say({ type: 'ready' });
    const stopped = late.host.stop();
    late.clock.advance(FLUSH_LIMIT);
    expect(await stopped).toBe('late');
    expect(late.children[0]!.killed).toBe(true);

    const crashed = setUp();
    crashed.host.start();
    crashed.children[0]!.say({ type: 'ready' });
    const outcome = crashed.host.stop();
    crashed.children[0]!.exit(134);
    expect(await outcome).toBe('crashed');
    expect(crashed.children).toHaveLength(1);
    expect(crashed.clock.pending).toBe(0);
  });

  it('quits between two tries without starting another host', async () => {
    const { clock, children, host } = setUp();
    host.start();
    children[0]!.exit(1);
    expect(await host.stop()).toBe('not-running');
    clock.advance(100_000);
    expect(children).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });

  it('[KY1] answers what its host asks of the keyring, also before the host is ready, and nothing that is no question', () => {
    const { children, host } = setUp();
    host.start();
    children[0]!.say({ type: 'vault-ask', id: 1, ask: { what: 'name' } });
    children[0]!.say({ type: 'vault-ask', id: 2, ask: { what: 'seal', text: 'x' } });
    for (const ask of [null, {}, { what: 'seal' }, { what: 'open', text: 3 }, { what: 'delete', text: 'x' }]) {
      children[0]!.say({ type: 'vault-ask', id: 3, ask });
    }
    expect(children[0]!.sent.map(({ message }) => message)).toEqual([
      { type: 'vault-answer', id: 1, answer: 'GNOME keyring' },
      { type: 'vault-answer', id: 2, answer: 'seal x' },
    ]);
  });

  it('ignores messages that are none', () => {
    const { children, host } = setUp();
    host.start();
    for (const message of [null, 1, 'ready', {}, { type: 'failed' }, { type: 'failed', error: 3 }, []]) {
      children[0]!.say(message);
    }
    expect(host.state).toEqual({ state: 'starting' });
  });
});
