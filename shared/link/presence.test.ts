// The presence registry: who owns a client id, what is refused, and what leaves with whom.
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { applyAwarenessUpdate, Awareness, encodeAwarenessUpdate } from 'y-protocols/awareness';
import { LIMITS } from '../protocol/limits.ts';
import { decodePresence, EMPTY_PRESENCE, encodePresence, PresenceRegistry, type PresenceEntry } from './presence.ts';

const here = (client: number, clock = 1, state = '{"name":"x"}'): PresenceEntry => ({ client, clock, state });
const frame = (...entries: PresenceEntry[]): Uint8Array => encodePresence(entries);

function registry(...devices: (string | null)[]) {
  const presence = new PresenceRegistry();
  const origins = devices.map((device) => {
    const origin = { device };
    presence.join(origin, { device });
    return origin;
  });
  const clients = (): (readonly [number, number])[] =>
    (decodePresence(presence.snapshot() ?? EMPTY_PRESENCE) ?? []).map(({ client, clock }) => [client, clock]);
  return { presence, origins, clients };
}

describe('PresenceRegistry', () => {
  test('[PR1] reads and writes what y-protocols writes and reads', () => {
    const { presence, origins } = registry('a');
    const awareness = new Awareness(new Y.Doc());
    awareness.setLocalState({ name: 'Ana' });
    const id = awareness.clientID;
    expect(presence.apply(encodeAwarenessUpdate(awareness, [id]), origins[0]!, 0)).not.toBeNull();
    const other = new Awareness(new Y.Doc());
    applyAwarenessUpdate(other, presence.snapshot()!, null);
    expect(other.getStates().get(id)).toEqual({ name: 'Ana' });
    applyAwarenessUpdate(other, presence.drop(origins[0]!)!, null);
    expect(other.getStates().has(id)).toBe(false);
    awareness.destroy();
    other.destroy();
  });

  test('[PR2] a client id belongs to the device that used it first', () => {
    const { presence, origins, clients } = registry('a', 'b');
    presence.apply(frame(here(1)), origins[0]!, 0);
    expect(presence.apply(frame(here(1, 9, 'null')), origins[1]!, 0)).toBeNull();
    expect(presence.apply(frame(here(1, 9)), origins[1]!, 0)).toBeNull();
    expect(clients()).toEqual([[1, 1]]);
  });

  test('[PR3] a newer session of the same device takes it over, and the older one leaves without it', () => {
    const { presence, origins, clients } = registry('a', 'a');
    presence.apply(frame(here(1, 5)), origins[0]!, 0);
    // A stock client that comes back sends its own entry first, with the clock that it had.
    presence.apply(frame(here(1, 5)), origins[1]!, 0);
    expect(presence.drop(origins[0]!)).toBeNull();
    expect(clients()).toEqual([[1, 5]]);
    expect(presence.drop(origins[1]!)).not.toBeNull();
    expect(clients()).toEqual([]);
  });

  test('[PR4] an echo or a timeout report of another client takes nothing over', () => {
    // Found with two stock clients: each echoes what it hears, so the second one came to own the first one's entry,
    // which then stayed for ever after the first had left.
    const { presence, origins, clients } = registry(null, null);
    presence.apply(frame(here(1, 5)), origins[0]!, 0);
    presence.apply(frame(here(2, 5)), origins[1]!, 0);
    expect(presence.apply(frame(here(1, 5)), origins[1]!, 0)).toBeNull();
    expect(presence.apply(frame(here(1, 5, 'null')), origins[1]!, 0)).toBeNull();
    expect(clients()).toEqual([
      [1, 5],
      [2, 5],
    ]);
    expect(presence.drop(origins[0]!)).not.toBeNull();
    expect(clients()).toEqual([[2, 5]]);
  });

  test('[PR5] malformed, large and frequent frames are refused', () => {
    const { presence, origins } = registry('a');
    const refused = [
      new Uint8Array(),
      new Uint8Array([1]),
      new Uint8Array([255, 255, 3]),
      frame(here(1, 1, 'nonsense')),
      frame(here(1, 1, '[1]')),
      frame(here(1, 1, `{"a":"${'x'.repeat(LIMITS.presence)}"}`)),
      frame(...Array.from({ length: LIMITS.presenceClients + 1 }, (_, at) => here(at))),
    ];
    for (const bytes of refused) expect(presence.apply(bytes, origins[0]!, 0)).toBe(false);
    const results = Array.from({ length: 30 }, (_, at) => presence.apply(frame(here(1, at + 1)), origins[0]!, 0));
    expect(results.filter((result) => result === false)).toHaveLength(30 - LIMITS.presencePerSecond);
    expect(presence.apply(frame(here(1, 99)), origins[0]!, 1_000)).not.toBe(false);
  });

  test('[PR6] one session cannot fill the room with ghosts', () => {
    const { presence, origins, clients } = registry('a');
    for (let at = 0; at < 10; at += 1) {
      const ghosts = Array.from({ length: LIMITS.presenceClients }, (_, i) => here(at * 1000 + i));
      presence.apply(frame(...ghosts), origins[0]!, at * 1_000);
    }
    expect(clients()).toHaveLength(LIMITS.presenceClients);
  });

  test('[PR7] an update of nobody is understood by stock clients and changes nothing', () => {
    const awareness = new Awareness(new Y.Doc());
    let changes = 0;
    awareness.on('update', () => (changes += 1));
    applyAwarenessUpdate(awareness, EMPTY_PRESENCE, null);
    expect(changes).toBe(0);
    awareness.destroy();
  });

  test('[PR2] [PR8] what a link brought holds for its time after the link broke, and then goes', () => {
    const { presence, clients } = registry();
    const [link, again] = [{}, {}];
    presence.join(link, { device: 'hub relay', linked: true });
    presence.apply(frame(here(1, 5), here(2, 5)), link, 1_000);
    expect(presence.lose(link)).toBe(true);
    expect([presence.hasLost, presence.expire(30_999)]).toEqual([true, null]);
    // The link is back and tells what it told before: with the same clocks, all in one frame.
    presence.join(again, { device: 'hub relay', linked: true });
    expect(presence.apply(frame(here(1, 5)), again, 20_000)).toBeNull();
    expect(decodePresence(presence.expire(31_001)!)).toEqual([here(2, 5, 'null')]);
    expect([clients(), presence.hasLost]).toEqual([[[1, 5]], false]);
    expect(presence.drop(again)).not.toBeNull();
  });

  test('[PR2] nobody elsewhere speaks for a window here, and a window that comes is believed more than what a link says of it', () => {
    const { presence, origins, clients } = registry('laptop', 'laptop');
    const link = {};
    presence.join(link, { device: 'hub relay', linked: true });
    presence.apply(frame(here(1, 3)), origins[0]!, 0);
    expect(presence.apply(frame(here(1, 99, '{"user":{"member":"another"}}')), link, 0)).toBeNull();
    expect(presence.apply(frame(here(1, 99, 'null')), link, 0)).toBeNull();
    expect(clients()).toEqual([[1, 3]]);
    presence.apply(frame(here(2, 2 ** 40)), link, 0);
    expect(presence.apply(frame(here(2, 4, '{"mine":true}')), origins[1]!, 0)).not.toBeNull();
    expect(clients()).toEqual([
      [1, 3],
      [2, 4],
    ]);
  });

  test('[PR9] who somebody is is stamped from the connection; the name in a frame is dropped', () => {
    const { presence, origins } = registry('laptop');
    const state = '{"user":{"member":"ana","name":"Ana","hue":3},"cursor":{"a":1}}';
    const told = presence.apply(frame(here(1, 1, state), here(2, 1, '{"user":"ana"}')), origins[0]!, 0, 'bo');
    expect(decodePresence(told as Uint8Array)!.map((one) => JSON.parse(one.state) as unknown)).toEqual([
      { user: { member: 'bo', hue: 3 }, cursor: { a: 1 } },
      { user: { member: 'bo' } },
    ]);
    expect(presence.apply(frame(here(1, 2, 'null')), origins[0]!, 0, 'bo')).not.toBeNull();
  });

  test('[PR6] [PR8] ten thousand client ids from one session are 64 entries; who was silent for too long is told to nobody new', () => {
    const { presence, origins, clients } = registry('a');
    for (let from = 0; from < 10_000; from += 50) {
      const entries = Array.from({ length: 50 }, (_, at) => here(from + at));
      presence.apply(frame(...entries), origins[0]!, from * 1_000);
    }
    expect(clients()).toHaveLength(LIMITS.presenceClients);
    const later = 10_000_000 + 30_000;
    expect(presence.snapshot(later)).toBeNull();
  });
});
