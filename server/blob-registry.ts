// Which spaces hold which attachments at this relay, and how much room they take. It judges nobody and reads no request.
import { AppError } from '../shared/base/app-error.ts';
import type { Clock } from '../shared/base/clock.ts';
import { Emitter } from '../shared/base/emitter.ts';
import { utf8 } from '../shared/base/encoding.ts';
import type { BlobStore } from '../shared/hub/blob-store.ts';
import type { ValueStore } from '../shared/hub/value-store.ts';
import type { BlobPlace } from './request-guard.ts';

const AREA = 'blob';

export interface BlobRegistryParts {
  readonly blobs: BlobStore;
  readonly values: ValueStore;
  readonly clock: Clock;
  /** Bytes of one workspace; 0: no bound. */
  readonly quota: number;
}

export class BlobRegistry {
  readonly #parts: BlobRegistryParts;
  readonly #registered = new Emitter<BlobPlace>();
  /** A space holds an attachment from now on. */
  readonly onRegistered = this.#registered.event;

  constructor(parts: BlobRegistryParts) {
    this.#parts = parts;
  }

  /** Its size where that space holds it, else null: registered without bytes (a folder put back) counts as not held. */
  async held({ workspace, space, name }: BlobPlace): Promise<number | null> {
    const row = await this.#parts.values.get(AREA, keyOf({ workspace, space, name }));
    return row === null ? null : this.#parts.blobs.size(workspace, name);
  }

  /** Rule BL3: the space holds it, durably, when this resolves. The bytes are here before. */
  async register(place: BlobPlace): Promise<void> {
    const { values, clock } = this.#parts;
    const value = utf8(JSON.stringify({ at: clock.now() }));
    await values.write([{ area: AREA, key: keyOf(place), value }]);
    this.#registered.fire(place);
  }

  /** Lets a space go without it; the bytes go with the last space that held them. */
  async unregister(place: BlobPlace): Promise<void> {
    const { values, blobs } = this.#parts;
    await values.write([{ area: AREA, key: keyOf(place), value: null }]);
    for await (const [key] of values.entries(AREA, `${place.workspace}/`)) if (key.endsWith(`/${place.name}`)) return;
    await blobs.remove(place.workspace, place.name);
  }

  /** Names that a space holds. */
  async names(workspace: string, space: string): Promise<readonly string[]> {
    const names: string[] = [];
    for await (const [key] of this.#parts.values.entries(AREA, `${workspace}/${space}/`)) {
      names.push(key.slice(key.lastIndexOf('/') + 1));
    }
    return names;
  }

  /** Rule BL6: throws `disk-full` where `more` bytes would go beyond the workspace's part. Nothing of others is thrown away for it. */
  async demandRoom(workspace: string, more: number): Promise<void> {
    const { blobs, quota } = this.#parts;
    if (quota === 0) return;
    const { bytes, partialBytes } = await blobs.usage(workspace);
    if (bytes + partialBytes + more <= quota) return;
    throw new AppError(
      'disk-full',
      `The attachments of this workspace fill their part of the relay (${Math.floor(quota / 1_048_576)} MiB). What is there stays, and this one is kept on your computer. Whoever runs the relay can raise --blob-bytes.`,
    );
  }
}

function keyOf({ workspace, space, name }: BlobPlace): string {
  return `${workspace}/${space}/${name}`;
}
