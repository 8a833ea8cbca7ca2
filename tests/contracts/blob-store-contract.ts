// What every BlobStore must do, as one suite over a factory; the rule numbers are those of docs/storage.md.
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { BlobStore } from '../../shared/hub/blob-store.ts';

export interface BlobStoreFixture {
  /** Opens it, or opens the same one again; `now` is the time then. */
  open(now?: number): Promise<BlobStore>;
  /** Changes one byte of a blob behind the store's back. */
  rot(workspace: string, name: string): Promise<void>;
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
export const nameOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

async function* pieces(...parts: readonly (Uint8Array | Error)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    if (part instanceof Error) throw part;
    yield part;
  }
}

async function textOf(store: BlobStore, workspace: string, name: string, start = 0, end?: number): Promise<string> {
  const parts: Uint8Array[] = [];
  const to = end ?? (await store.size(workspace, name)) ?? 0;
  for await (const part of store.read(workspace, name, start, to)) parts.push(part);
  return Buffer.concat(parts).toString();
}

const [HELLO, OTHER] = [bytesOf('hello there'), bytesOf('something else')];
const NAME = nameOf(HELLO);
const LIMIT = 1_000;

export function blobStoreContract(title: string, make: () => Promise<BlobStoreFixture>): void {
  describe(`BlobStore: ${title}`, () => {
    test('[BS1] what was brought in pieces is there under its name, also after reopening, and in parts', async () => {
      const fixture = await make();
      const store = await fixture.open();
      expect(await store.append('ws', NAME, 'a', 0, pieces(HELLO.slice(0, 5)), LIMIT)).toBe(5);
      expect(await store.size('ws', NAME)).toBeNull();
      const again = await fixture.open();
      expect(await again.partial('ws', NAME, 'a')).toBe(5);
      expect(await again.append('ws', NAME, 'a', 5, pieces(HELLO.slice(5)), LIMIT)).toBe(11);
      expect(await again.finish('ws', NAME, 'a')).toBe('stored');
      expect(await again.partial('ws', NAME, 'a')).toBe(0);
      expect(await textOf(await fixture.open(), 'ws', NAME)).toBe('hello there');
      expect(await textOf(again, 'ws', NAME, 6, 9)).toBe('the');
      expect(await again.verify('ws', NAME)).toBe(true);
    });

    test('[BS2] bytes under a wrong name are thrown away, and spoil nothing for another writer', async () => {
      const store = await (await make()).open();
      await store.append('ws', NAME, 'liar', 0, pieces(OTHER), LIMIT);
      await store.append('ws', NAME, 'honest', 0, pieces(HELLO), LIMIT);
      expect(await store.finish('ws', NAME, 'liar')).toBe('differs');
      expect(await store.size('ws', NAME)).toBeNull();
      expect(await store.partial('ws', NAME, 'liar')).toBe(0);
      expect(await store.finish('ws', NAME, 'honest')).toBe('stored');
      expect(await textOf(store, 'ws', NAME)).toBe('hello there');
    });

    test('[BS2] a byte that changed on the disk is found by verify', async () => {
      const fixture = await make();
      const store = await fixture.open();
      await store.append('ws', NAME, 'a', 0, pieces(HELLO), LIMIT);
      await store.finish('ws', NAME, 'a');
      await fixture.rot('ws', NAME);
      expect(await store.verify('ws', NAME)).toBe(false);
    });

    test('[BS3] what was interrupted goes on where it ended; a wrong place and too much are refused', async () => {
      const store = await (await make()).open();
      const cut = store.append('ws', NAME, 'a', 0, pieces(HELLO.slice(0, 4), new Error('cut off')), LIMIT);
      await expect(cut).rejects.toThrow();
      expect(await store.partial('ws', NAME, 'a')).toBe(4);
      await expect(store.append('ws', NAME, 'a', 3, pieces(HELLO), LIMIT)).rejects.toMatchObject({ code: 'bad-input' });
      await expect(store.append('ws', NAME, 'a', 4, pieces(HELLO.slice(4)), 10)).rejects.toMatchObject({
        code: 'too-large',
      });
      expect(await store.unfinished('ws', 'a')).toBe(1);
      expect(await store.unfinished('ws', 'b')).toBe(0);
      await store.discard('ws', NAME, 'a');
      expect(await store.unfinished('ws', 'a')).toBe(0);
    });

    test('[BS4] opening sweeps what nobody comes back for, and keeps what somebody may', async () => {
      const fixture = await make();
      const store = await fixture.open();
      await store.append('ws', NAME, 'a', 0, pieces(HELLO.slice(0, 4)), LIMIT);
      const left = await store.create('ws');
      await left.append(OTHER);
      expect((await (await fixture.open()).usage('ws')).partialBytes).toBe(4);
      expect(await store.partial('ws', NAME, 'a')).toBe(4);
      const later = await fixture.open(Date.now() + 8 * 24 * 3_600_000);
      expect(await later.usage('ws')).toEqual({ blobs: 0, bytes: 0, partialBytes: 0 });
    });

    test('[BS1] a blob of unknown name gets it while it is written; twice the same is one', async () => {
      const fixture = await make();
      const store = await fixture.open();
      for (let round = 0; round < 2; round += 1) {
        const made = await store.create('ws');
        await made.append(HELLO.slice(0, 3));
        await made.append(HELLO.slice(3));
        expect(await made.finish()).toEqual({ name: NAME, size: 11 });
      }
      const dropped = await store.create('ws');
      await dropped.append(OTHER);
      await dropped.discard();
      expect(await store.usage('ws')).toEqual({ blobs: 1, bytes: 11, partialBytes: 0 });
      expect(await (await fixture.open()).usage('ws')).toEqual({ blobs: 1, bytes: 11, partialBytes: 0 });
      const nothing = await store.create('ws');
      expect(await nothing.finish()).toEqual({ name: nameOf(new Uint8Array()), size: 0 });
    });

    test('[BS5] workspaces do not meet; a removed one is gone, and what is no name reaches no file', async () => {
      const fixture = await make();
      const store = await fixture.open();
      const made = await store.create('one');
      await made.append(HELLO);
      await made.finish();
      expect(await store.size('two', NAME)).toBeNull();
      for (const name of ['../one', NAME.toUpperCase(), `${NAME}/..`, '', 'partial']) {
        expect(await store.size('one', name)).toBeNull();
        await expect(textOf(store, 'one', name, 0, 1)).rejects.toMatchObject({ code: 'not-found' });
        await expect(store.append('one', name, 'a', 0, pieces(HELLO), LIMIT)).rejects.toMatchObject({
          code: 'bad-input',
        });
      }
      for (const workspace of ['..', '../one', '', 'a/b', 'é']) {
        await expect(store.create(workspace)).rejects.toMatchObject({ code: 'bad-input' });
      }
      expect(await store.workspaces()).toContain('one');
      await store.remove('one', NAME);
      expect(await store.usage('one')).toEqual({ blobs: 0, bytes: 0, partialBytes: 0 });
      await store.removeAll('one');
      expect(await store.workspaces()).not.toContain('one');
    });

    test('[BS6] the shelf is the same one as long as its folder is', async () => {
      const [first, second] = [await make(), await make()];
      const { shelf } = await first.open();
      expect((await first.open()).shelf).toBe(shelf);
      expect((await second.open()).shelf).not.toBe(shelf);
    });
  });
}
