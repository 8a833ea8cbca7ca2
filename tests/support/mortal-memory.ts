// A link's memory in a process that tests kill: what was stored before stays, and nothing is stored after. It remembers nothing itself.
import type { HubMemory, LinkMemory, MemoryChange } from '../../shared/link/link-memory.ts';

/** What a killed process had stored stays; what it would still store is lost. */
export class MortalMemory implements LinkMemory {
  readonly #inner: LinkMemory;
  dead = false;
  constructor(inner: LinkMemory) {
    this.#inner = inner;
  }
  lastHub(): Promise<string | null> {
    return this.#inner.lastHub();
  }
  load(hub: string): Promise<HubMemory> {
    return this.#inner.load(hub);
  }
  number(hub: string, room: string): ReturnType<LinkMemory['number']> {
    return this.#inner.number(hub, room);
  }
  save(hub: string, change: MemoryChange): Promise<void> {
    return this.dead ? Promise.resolve() : this.#inner.save(hub, change);
  }
}
