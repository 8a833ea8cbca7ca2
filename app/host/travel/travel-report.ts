// What of that which is taken along is here and what is not, counted and listed (docs/travel.md, TR4 to TR6): from rows, sizes and what the attachments say. It reads nothing.
import { parseRoomName } from '../../../shared/protocol/room-name.ts';
import {
  type Missing,
  type MissingDocument,
  type MissingFile,
  type TravelReport,
  type TravelSpace,
  type TravelUse,
} from '../../contract/travel.ts';
import type { Breath } from '../breath.ts';
import type { CatalogueRow } from '../catalogue-row.ts';
import type { StoredSize } from './stored-sizes.ts';

export interface UsedFile {
  readonly blob: string;
  readonly size: number;
  readonly name: string;
}

/** Whether a file of a space is here, and where it is not, how that stands. */
export type FileState =
  | { readonly here: true; readonly size: number }
  | {
      readonly here: false;
      readonly state: MissingFile['state'];
      readonly wanted: boolean;
      readonly received: number;
      readonly trouble: string | null;
    };

/** `coming`: others have something else of it; `refused`: and it is not to be had; `unsafe`: it is kept, and not opened. */
export type Differing = 'coming' | 'refused' | 'unsafe';

export interface ReportInput {
  /** Of spaces. */
  readonly taken: readonly CatalogueRow[];
  /** Of people, and of what is mine alone. */
  readonly people: readonly CatalogueRow[];
  /** Spaces in the order in which they are told. */
  readonly spaces: readonly string[];
  readonly sizes: ReadonlyMap<string, StoredSize>;
  readonly filesOf: (room: string) => readonly UsedFile[];
  readonly fileState: (space: string, blob: string) => FileState;
  /** Rooms that differ from what others have, and how; also such as have no row here. */
  readonly differing: ReadonlyMap<string, Differing>;
  readonly row: (room: string) => CatalogueRow | null;
}

/** `missing` is all of it: whoever tells it cuts it (MOST_LISTED). */
export type Counted = Pick<
  TravelReport,
  'things' | 'hereBytes' | 'missing' | 'missingCount' | 'missingBytes' | 'spaces' | 'people'
>;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export async function reportOf(input: ReportInput, breath: Breath): Promise<Counted> {
  const counted = new Map<string, Mutable<TravelSpace>>(input.spaces.map((space) => [space, emptySpace(space)]));
  const people = { profiles: 0, files: 0, fileBytes: 0, documentBytes: 0 };
  const documents: MissingDocument[] = [];
  const lost = new Map<string, Mutable<MissingFile>>();
  const seen = new Set<string>();
  const hereOnce = new Map<string, number>();
  const differing = new Map(input.differing);
  let things = 0;
  let documentBytes = 0;

  const lack = (row: CatalogueRow | null, room: string, state: MissingDocument['state']): void => {
    documents.push({ what: 'document', state, document: useOf(room, row, input) });
    const into = counted.get(parseRoomName(room)?.space ?? '');
    if (into) into.missing += 1;
  };
  const take = (row: CatalogueRow, into: Mutable<TravelSpace> | null): void => {
    const space = parseRoomName(row.room)?.space ?? '';
    const size = input.sizes.get(row.room) ?? null;
    const bytes = typeof size === 'number' ? size : 0;
    things += 1;
    documentBytes += bytes;
    const sum = into ?? people;
    sum.documentBytes += bytes;
    const other = differing.get(row.room);
    differing.delete(row.room);
    if (size === 'damaged') lack(row, row.room, 'damaged');
    else if (other !== undefined) lack(row, row.room, other === 'coming' ? 'behind' : other);
    for (const { blob, size: said, name } of input.filesOf(row.room)) {
      const key = `${space}/${blob}`;
      const known = lost.get(key);
      if (known) known.more += 1;
      if (seen.has(key)) continue;
      seen.add(key);
      things += 1;
      const state = input.fileState(space, blob);
      if (state.here) {
        sum.files += 1;
        sum.fileBytes += state.size;
        hereOnce.set(blob, state.size);
        continue;
      }
      lost.set(key, {
        ...{ what: 'file', space, blob, name, size: said, holders: null, more: 0 },
        ...{ state: state.state, wanted: state.wanted, received: state.received, trouble: state.trouble },
        used: useOf(row.room, row, input),
      });
      if (!into) continue;
      into.missing += 1;
      into.missingBytes += Math.max(0, said - state.received);
    }
  };

  for (const row of input.taken) {
    const into = counted.get(parseRoomName(row.room)?.space ?? '') ?? null;
    if (into && row.kind === 'page') into.pages += 1;
    if (into && row.kind === 'board') into.boards += 1;
    if (into && row.kind === 'thread') into.threads += 1;
    take(row, into);
    if (breath.isDue) await breath.take();
  }
  for (const row of input.people) {
    if (row.kind === 'profile') people.profiles += 1;
    take(row, null);
    if (breath.isDue) await breath.take();
  }
  // What is known of by its name alone: whether it would be taken along is not to be told before it is here.
  for (const [room, how] of differing) {
    things += 1;
    lack(null, room, how);
    if (breath.isDue) await breath.take();
  }
  const files = [...lost.values()].sort((a, b) => a.size - b.size || (a.blob < b.blob ? -1 : 1));
  const all: Missing[] = [...documents, ...files];
  const missingBytes = files.reduce((sum, { size, received }) => sum + Math.max(0, size - received), 0);
  let hereBytes = documentBytes;
  for (const size of hereOnce.values()) hereBytes += size;
  return {
    things,
    hereBytes,
    missing: all,
    missingCount: all.length,
    missingBytes,
    spaces: [...counted.values()].filter((one) => one.pages + one.boards + one.threads + one.missing > 0),
    people,
  };
}

function emptySpace(space: string): Mutable<TravelSpace> {
  const counts = { pages: 0, boards: 0, threads: 0, files: 0, fileBytes: 0, documentBytes: 0 };
  return { space, ...counts, missing: 0, missingBytes: 0 };
}

function useOf(room: string, row: CatalogueRow | null, { row: rowOf }: ReportInput): TravelUse {
  const at = parseRoomName(room);
  const space = at?.space ?? '';
  const common = { document: at?.document ?? room.slice(0, 64), space, kind: row?.kind ?? kindOf(space) };
  if (row?.kind !== 'card' || row.parent === null) return { ...common, title: row?.title ?? '' };
  const board = rowOf(`${room.slice(0, room.lastIndexOf('/') + 1)}${row.parent}`);
  return { ...common, title: row.title || (board?.title ?? ''), board: row.parent };
}

function kindOf(space: string): TravelUse['kind'] {
  if (space.startsWith('@')) return 'profile';
  return space.startsWith('~') ? 'personal' : 'page';
}
