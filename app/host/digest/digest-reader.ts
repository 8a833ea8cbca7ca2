// Reads what came to a room into the row of a digest, and who wrote it. It asks for no rights, and stores nothing.
import type { Clock } from '../../../shared/base/clock.ts';
import type { Logger } from '../../../shared/base/logger.ts';
import type { History } from '../../../shared/hub/history/history.ts';
import { parseRoomName } from '../../../shared/protocol/room-name.ts';
import type { Catalogue } from '../catalogue.ts';
import type { RoomDocuments } from '../room-documents.ts';
import { sessionAuthor } from '../session-author.ts';
import type { Workspaces } from '../workspaces.ts';
import type { StoredDigest } from './digest-store.ts';
import { readLandedRoom } from './landed-room.ts';
import type { MyMatters } from './my-matters.ts';

export interface ReaderParts {
  readonly documents: Pick<RoomDocuments, 'readHead' | 'readStored'>;
  readonly catalogue: Catalogue;
  readonly history: Pick<History, 'sessionsOf'>;
  readonly workspaces: Workspaces;
  readonly clock: Clock;
  readonly logger: Logger;
}

const MOST_AUTHORS = 5;

export class DigestReader {
  readonly #parts: ReaderParts;
  readonly #my: MyMatters;
  readonly #before: (room: string) => Promise<Uint8Array | null>;

  constructor(parts: ReaderParts, my: MyMatters, before: (room: string) => Promise<Uint8Array | null>) {
    this.#parts = parts;
    this.#my = my;
    this.#before = before;
  }

  /** Whether the row is another one. */
  async read(room: string, stored: StoredDigest): Promise<boolean> {
    const { workspace: id = '' } = parseRoomName(room) ?? {};
    const { documents, catalogue, workspaces, clock, logger } = this.#parts;
    const ranges = stored.ranges.get(room);
    const workspace = workspaces.find(id);
    if (!ranges || !workspace) return false;
    const names = new Map(workspace.members().map(({ id: member, name }) => [member, name]));
    const titleOf = (document: string): string => {
      const entry = catalogue.entry(id, document);
      return entry && workspace.mayRead(entry.space) ? entry.title : '';
    };
    try {
      const { items, page } = await readLandedRoom(room, ranges, {
        documents,
        my: {
          me: workspace.about.member,
          isWatched: (board, card, column) => this.#my.isWatched(id, board, card, column),
          boardTitle: titleOf,
        },
        follows: (document, said) => this.#my.follows(id, document, said) ?? false,
        names: { member: (member) => names.get(member) || 'somebody', page: (one) => titleOf(one) || 'a page' },
        before: (one) => (stored.kept.has(one) ? this.#before(one) : Promise.resolve(null)),
        now: clock.now(),
      });
      const { earlier = null } = stored.rows.get(room) ?? {};
      stored.rows.set(room, { items: [...items], page, earlier, span: stored.head.spans.at(-1)?.to ?? 0 });
      await this.name(room, stored);
      return true;
    } catch (error) {
      // One room that cannot be read must not hold up the others; it is read again when more comes to it.
      logger.log('warn', 'digest-room-not-read', { room, error: String(error) });
      return false;
    }
  }

  /** Who wrote what came to a page, as its sessions say; those come after the text. What I wrote elsewhere is no news to me. */
  async name(room: string, stored: StoredDigest): Promise<boolean> {
    const { workspace: id = '' } = parseRoomName(room) ?? {};
    const [row, ranges] = [stored.rows.get(room), stored.ranges.get(room)];
    const workspace = this.#parts.workspaces.find(id);
    if (!row?.page || !ranges || !workspace) return false;
    const last = new Map<string, number>();
    const unknown = new Set(ranges.clients);
    for (const { clients, device, signer, endedAt } of await this.#parts.history.sessionsOf(room)) {
      const fresh = clients.filter((client) => ranges.has(client));
      const { member } = sessionAuthor(workspace.log, { device, signer });
      if (fresh.length === 0 || member === '') continue;
      for (const client of fresh) unknown.delete(client);
      last.set(member, Math.max(endedAt, last.get(member) ?? 0));
    }
    const me = workspace.about.member;
    const others = [...last].filter(([member]) => member !== me).sort(([, a], [, b]) => b - a);
    const isMine = others.length === 0 && unknown.size === 0;
    const by = others.slice(0, MOST_AUTHORS).map(([member]) => member);
    const page = isMine ? null : { ...row.page, by, at: others[0]?.[1] ?? row.page.at };
    stored.rows.set(room, { ...row, page });
    return true;
  }
}
