// Random words that must not turn up somewhere: it makes them, and looks for them in bytes, in files and in what a store holds. It judges nothing.
import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { ClassicLevel } from 'classic-level';

export class Canaries {
  readonly #words: string[] = [];

  word(): string {
    const word = `canary${randomBytes(9).toString('hex')}`;
    this.add(word);
    return word;
  }

  /** Something random that was not made here, as the id of a document is. */
  add(word: string): void {
    this.#words.push(word);
  }

  get count(): number {
    return this.#words.length;
  }

  inBytes(bytes: Uint8Array): readonly string[] {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return this.#words.filter((word) => buffer.includes(word));
  }

  /** In the names and the bytes of every file below a folder. */
  async inFiles(folder: string): Promise<readonly string[]> {
    const found = new Set<string>();
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      for (const word of this.inBytes(Buffer.from(entry.name))) found.add(word);
      if (!entry.isFile()) continue;
      // A file that is renamed meanwhile is met under its new name.
      const bytes = await readFile(path.join(entry.parentPath, entry.name)).catch(() => Buffer.alloc(0));
      for (const word of this.inBytes(bytes)) found.add(word);
    }
    return [...found];
  }

  /** In every key and value of a database that nobody has open: its tables are packed, so that their bytes alone prove little. */
  async inDatabase(directory: string): Promise<readonly string[]> {
    const found = new Set<string>();
    const level = new ClassicLevel<Buffer, Buffer>(directory, {
      keyEncoding: 'buffer',
      valueEncoding: 'buffer',
      createIfMissing: false,
    });
    await level.open();
    try {
      for await (const [key, value] of level.iterator()) {
        for (const word of [...this.inBytes(key), ...this.inBytes(value)]) found.add(word);
      }
    } finally {
      await level.close();
    }
    return [...found];
  }
}
