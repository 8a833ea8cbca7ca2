// A hub in memory with rights that a test sets, two people, and a document of somebody's own; for the tests of the hub's rules.
import { expect, onTestFinished } from 'vitest';
import * as Y from 'yjs';
import { FakeClock } from '../../shared/base/clock.ts';
import { Emitter } from '../../shared/base/emitter.ts';
import { silentLogger } from '../../shared/base/logger.ts';
import type { Principal, RoomHandle } from '../../shared/link/room-source.ts';
import type { AccessPolicy, Operation } from '../../shared/hub/access-policy.ts';
import { Hub } from '../../shared/hub/hub.ts';
import { MemoryDocStore, MemoryMedium } from '../../shared/hub/memory-doc-store.ts';
import type { RoomMerger } from '../../shared/hub/room-merger.ts';

export const ROOM = 'ws/space/page';
export const ANA: Principal = { device: 'ana-laptop', member: 'ana' };
export const BO: Principal = { device: 'bo-laptop', member: 'bo' };

export class Access implements AccessPolicy {
  readonly denied = new Set<string>();
  readonly #changed = new Emitter<void>();
  readonly onChange = this.#changed.event;
  allows(principal: Principal, operation: Operation): boolean {
    return !this.denied.has(`${principal.member} ${operation}`);
  }
  deny(member: string, ...operations: Operation[]): void {
    for (const operation of operations) this.denied.add(`${member} ${operation}`);
    this.#changed.fire();
  }
  get listeners(): number {
    return this.#changed.size;
  }
}

export function start(medium = new MemoryMedium(), limits = {}, merger?: RoomMerger) {
  const clock = new FakeClock();
  const store = new MemoryDocStore(medium);
  const access = new Access();
  const hub = new Hub({ store, access, clock, logger: silentLogger, limits, ...(merger ? { merger } : {}) });
  onTestFinished(() => hub.close());
  return { hub, store, clock, access, medium };
}

export async function open(hub: Hub, principal = ANA, room = ROOM): Promise<RoomHandle> {
  const outcome = await hub.open(room, principal);
  if (outcome.kind !== 'open') throw new Error(`refused: ${outcome.code}`);
  return outcome.room;
}

/** A writer with a document of its own that hands out each update it makes. */
export function writer(text = '') {
  const doc = new Y.Doc();
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  const type = (more: string, at = doc.getText('body').length): Uint8Array => {
    doc.getText('body').insert(at, more);
    return updates.at(-1)!;
  };
  if (text) type(text);
  return {
    doc,
    updates,
    type,
    remove: (at: number, length: number) => (doc.getText('body').delete(at, length), updates.at(-1)!),
  };
}

export function textOf(room: RoomHandle): string {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, room.diff(new Uint8Array([0])));
  expect(doc.store.pendingStructs).toBeNull();
  return doc.getText('body').toString();
}

/** Looks after every turn of the event loop. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let turns = 0; !(await condition()); turns += 1) {
    if (turns > 1_000) throw new Error('the condition never came true');
    await new Promise((resolve) => setImmediate(resolve));
  }
}
