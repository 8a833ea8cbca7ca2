// What devices are known to hold since a bundle of theirs was read: by room, as vector, digest and sittings (BU10). It claims nothing that they did not sign.
import * as encoding from 'lib0/encoding';
import type { ValueStore, ValueWrite } from '../../../shared/hub/value-store.ts';
import { readTotally } from '../../../shared/protocol/byte-reader.ts';
import { DIGEST, type BundleAbout, type RoomPart } from './bundle-entries.ts';
import { BUNDLE_LIMITS } from './bundle-limits.ts';

export interface Known {
  /** The hub of that device: another one of the same device holds nothing of what the first one did. */
  readonly hub: string;
  /** When it said so, by its own clock. */
  readonly at: number;
  readonly digest: Uint8Array;
  readonly vector: Uint8Array;
  readonly sittings: readonly string[];
}

/** With what is remembered of other hubs: a repair and a copied folder empty it, and it goes with its workspace. */
const AREA = 'link';
const KIND = 'bundle';
const FORMAT = 1;
const BATCH = 200;

export class BundleKnowledge {
  readonly #values: ValueStore;

  constructor(values: ValueStore) {
    this.#values = values;
  }

  async of(device: string, room: string): Promise<Known | null> {
    const value = await this.#values.get(AREA, keyOf(device, room));
    return value && readKnown(value);
  }

  /** Whether a device of a workspace said of any document that it has it. */
  async any(workspace: string, device: string): Promise<boolean> {
    for await (const key of this.#values.keys(AREA, prefixOf(workspace, device))) return key !== '';
    return false;
  }

  /**
   * Begins to take down what a bundle's writer says to have; `add` for each room, then `end`. An older bundle changes nothing, and one
   * of a hub that the device had before another one: that hub holds nothing any more.
   */
  async learning({ workspace, writer, hub, at }: BundleAbout) {
    const prefix = prefixOf(workspace, writer);
    let isOver = false;
    for await (const [, value] of this.#values.entries(AREA, prefix)) {
      const known = readKnown(value);
      if (known && known.hub !== hub && known.at > at) isOver = true;
      if (isOver) break;
    }
    let writes: ValueWrite[] = [];
    const flush = async (): Promise<void> => {
      const now = writes;
      writes = [];
      if (now.length > 0) await this.#values.write(now);
    };
    return {
      add: async (part: RoomPart): Promise<void> => {
        const before = isOver ? null : await this.of(writer, part.room);
        if (isOver || (before?.hub === hub && before.at >= at)) return;
        writes.push({ area: AREA, key: keyOf(writer, part.room), value: writeKnown({ ...part, hub, at }) });
        if (writes.length >= BATCH) await flush();
      },
      end: async (): Promise<void> => {
        await flush();
        for await (const [key, value] of this.#values.entries(AREA, prefix)) {
          const known = readKnown(value);
          if (!known || (known.hub !== hub && known.at <= at)) writes.push({ area: AREA, key, value: null });
          if (writes.length >= BATCH) await flush();
        }
        await flush();
      },
    };
  }
}

function prefixOf(workspace: string, device: string): string {
  return `${workspace}/${KIND}/${device}/`;
}

function keyOf(device: string, room: string): string {
  const slash = room.indexOf('/');
  return `${room.slice(0, slash)}/${KIND}/${device}${room.slice(slash)}`;
}

function writeKnown({ hub, at, digest, vector, sittings }: Known): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, FORMAT);
  encoding.writeVarString(encoder, hub);
  encoding.writeVarUint(encoder, at);
  encoding.writeUint8Array(encoder, digest);
  encoding.writeVarUint8Array(encoder, vector);
  encoding.writeVarUint8Array(encoder, Buffer.from(sittings.join(''), 'hex'));
  return encoding.toUint8Array(encoder);
}

/** Null for what a newer version wrote: that counts as never said. */
function readKnown(value: Uint8Array): Known | null {
  return readTotally(value, (reader) => {
    if (reader.varUint() !== FORMAT) return null;
    const [hub, at, digest] = [reader.varString(64), reader.varUint(), new Uint8Array(reader.bytes(DIGEST))];
    const vector = new Uint8Array(reader.varBytes());
    const names = Buffer.from(reader.varBytes()).toString('hex');
    if (names.length > 16 * BUNDLE_LIMITS.sittings) return null;
    return { hub, at, digest, vector, sittings: names.match(/.{16}/g) ?? [] };
  });
}
