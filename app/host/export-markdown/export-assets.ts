// Where attachments go in an export: `assets/` at the top of their space, each once, under a name that every file system takes.
import { parseRoomName } from '../../../shared/protocol/room-name.ts';
import type { BlobProps } from '../../../shared/model/page/block.ts';
import type { ExportedFile, ExportSource } from './export-source.ts';
import { relativeUrl } from './export-plan.ts';
import { fileName, uniqueName, type TakenNames } from './file-names.ts';

const FOLDER = 'assets';

export class ExportAssets {
  readonly #source: Pick<ExportSource, 'attachments'>;
  /** By space and blob; null: its bytes are not here. */
  readonly #paths = new Map<string, string | null>();
  readonly #taken = new Map<string, TakenNames>();

  constructor(source: Pick<ExportSource, 'attachments'>) {
    this.#source = source;
  }

  /** The file to be written now, null where that was done before, or where attachments are left out. */
  async place(room: string, root: string, { blob, name }: BlobProps): Promise<ExportedFile | 'missing' | null> {
    const { attachments } = this.#source;
    const key = keyOf(room, blob);
    const known = this.#paths.get(key);
    if (known !== undefined || !attachments) return known === null ? 'missing' : null;
    const open = await attachments(room, blob);
    if (!open) {
      this.#paths.set(key, null);
      return 'missing';
    }
    const taken = this.#taken.get(root) ?? new Map<string, number>();
    this.#taken.set(root, taken);
    const [, stem = '', ending = ''] = /^(.*?)(\.[A-Za-z0-9]{1,10})?$/s.exec(name) ?? [];
    // A page's ending would make it a page at the next import.
    const suffix = /^\.(?:md|markdown|mdown)$/i.test(ending) ? `${ending}.txt` : ending;
    const own = uniqueName(`${fileName(stem || 'file', 80)}${suffix}`, taken);
    const path = `${root}${FOLDER}/${own}`;
    this.#paths.set(key, path);
    return { path, name: name || own, size: open.size, bytes: open.read(0, open.size) };
  }

  link(url: string, room: string, from: string): string | null {
    const blob = /^blob:([0-9a-f]{64})$/.exec(url)?.[1];
    const path = blob === undefined ? null : this.#paths.get(keyOf(room, blob));
    return path ? relativeUrl(from, path) : null;
  }
}

function keyOf(room: string, blob: string): string {
  return `${parseRoomName(room)?.space ?? ''}/${blob}`;
}
