// Where one person answered, wrote and commented, the newest first. It reads the newest few of their documents.
import type * as Y from 'yjs';
import type { DocEntry } from '../../contract/entities.ts';
import type { Reason } from '../../contract/people.ts';
import type { People } from './people.ts';
import { readWorks, type Work } from './works.ts';

interface Parts {
  readonly people: Pick<People, 'works'>;
  readonly documents: { readStored<T>(room: string, look: (doc: Y.Doc) => T): Promise<T> };
}

interface Question {
  readonly workspace: string;
  readonly member: string;
  /** The document of a room where it may be shown, else null. */
  readonly shown: (room: string) => DocEntry | null;
}

/** Documents of each kind. */
const MOST = 10;

export async function worksOf(
  { people, documents }: Parts,
  { workspace, member, shown }: Question,
): Promise<readonly Reason[]> {
  const entries: { readonly entry: DocEntry; readonly kinds: ReadonlySet<string> }[] = [];
  for (const [room, works] of people.works(workspace)) {
    const kinds = new Set<string>(works.filter((work) => work.member === member).map(({ kind }) => kind));
    const entry = kinds.size > 0 ? shown(room) : null;
    if (entry) entries.push({ entry, kinds });
  }
  entries.sort((a, b) => b.entry.changedAt - a.entry.changedAt || (a.entry.id < b.entry.id ? -1 : 1));
  const taken = new Map<string, number>();
  const found: Reason[] = [];
  for (const { entry, kinds } of entries) {
    if (![...kinds].some((kind) => (taken.get(kind) ?? 0) < MOST)) continue;
    const { id, room, space, title } = entry;
    // A damaged document is told of where documents are opened.
    const works: readonly Work[] = (await documents.readStored(room, readWorks).catch(() => null)) ?? [];
    for (const { kind, post, member: by } of works) {
      if (by !== member || (taken.get(kind) ?? 0) >= MOST) continue;
      taken.set(kind, (taken.get(kind) ?? 0) + 1);
      found.push({ kind, document: id, space, title, post });
    }
  }
  return found;
}
