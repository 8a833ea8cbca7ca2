// What the relay counts, for Prometheus; a registry of its own, read on request. No names and no content.
import { Counter, Gauge, Registry } from 'prom-client';
import type { Disposable } from '../shared/base/disposable.ts';
import type { Hub } from '../shared/hub/hub.ts';

export class RelayMetrics implements Disposable {
  readonly #registry = new Registry();
  readonly #subscription: Disposable;

  constructor(hub: Hub, sockets: () => { readonly rooms: number; readonly links: number }) {
    const registers = [this.#registry];
    const gauge = (name: string, help: string, read: () => number): void => {
      new Gauge({
        name,
        help,
        registers,
        collect() {
          this.set(read());
        },
      });
    };
    gauge('caravan_rooms_loaded', 'Rooms in memory', () => hub.load.rooms);
    gauge('caravan_room_holders', 'Sessions and link channels that hold a room', () => hub.load.holders);
    gauge('caravan_room_bytes', 'Bytes of documents in memory', () => hub.load.bytes);
    gauge('caravan_storage_ok', '1 while the store takes writes', () => (hub.storage.state === 'ok' ? 1 : 0));
    gauge('caravan_sockets_rooms', 'Open sockets of single rooms', () => sockets().rooms);
    gauge('caravan_sockets_links', 'Open links', () => sockets().links);
    gauge('process_resident_memory_bytes', 'Resident memory', () => process.memoryUsage.rss());
    const changes = new Counter({ name: 'caravan_changes_total', help: 'Changes stored since the start', registers });
    this.#subscription = hub.onChange((news) => changes.inc(news.length));
  }

  async read(): Promise<{ readonly text: string; readonly contentType: string }> {
    return { text: await this.#registry.metrics(), contentType: this.#registry.contentType };
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#registry.clear();
  }
}
