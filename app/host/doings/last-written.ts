// Who wrote in a space, where and when last: what stands in documents, and the sessions that devices or relays signed. It asks for no rights.
import { parseRoomName } from '../../../shared/protocol/room-name.ts';
import type { HostParts } from '../call-handlers.ts';
import { sessionAuthor } from '../session-author.ts';

export interface Written {
  readonly at: number;
  /** The documents that lists show, and when they were written in; a card's own is its board's. */
  readonly documents: ReadonlyMap<string, number>;
}

/** By member, whoever they are now. Times that lie ahead of this computer's clock count as now. */
export function lastWritten(
  host: Pick<HostParts, 'workspaces' | 'catalogue' | 'doings' | 'sittings' | 'clock'>,
  id: string,
  space: string,
): ReadonlyMap<string, Written> {
  const { log } = host.workspaces.get(id);
  const now = host.clock.now();
  const found = new Map<string, { at: number; documents: Map<string, number> }>();
  const add = (member: string, document: string, time: number): void => {
    if (!log.facts.people.has(member)) return;
    const at = Math.min(time, now);
    const written = found.get(member) ?? { at: 0, documents: new Map<string, number>() };
    found.set(member, written);
    written.at = Math.max(written.at, at);
    written.documents.set(document, Math.max(written.documents.get(document) ?? 0, at));
  };
  for (const row of host.doings.in(id, space)) {
    const document = shownDocument(host, id, space, parseRoomName(row.room)?.document ?? '');
    if (document === null) continue;
    for (const [member, at] of Object.entries(row.last)) add(member, document, at);
  }
  const own = host.catalogue.list(id, space).filter((entry) => !entry.archived);
  const cards = own.flatMap((entry) => (entry.kind === 'board' ? host.catalogue.cardsOf(entry) : []));
  for (const room of [...own, ...cards].map((one) => one.room)) {
    const document = shownDocument(host, id, space, parseRoomName(room)?.document ?? '');
    if (document === null) continue;
    for (const { device, signer, at } of host.sittings.at(room)) {
      add(sessionAuthor(log, { device, signer }).member, document, at);
    }
  }
  return found;
}

function shownDocument(
  { catalogue }: Pick<HostParts, 'catalogue'>,
  id: string,
  space: string,
  document: string,
): string | null {
  const entry = catalogue.entry(id, document);
  if (entry) return entry.space === space && !entry.archived ? document : null;
  const board = catalogue.cardIn(id, space, document)?.parent ?? null;
  return board !== null && catalogue.entry(id, board)?.space === space ? board : null;
}
