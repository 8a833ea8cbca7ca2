// What of a page's past was swallowed by deletions that did not know of it: from a past that was put together to a bounded list. Pure.
import type { RoomPast } from '../../../shared/hub/history/room-past.ts';
import type { SessionAuthor } from '../session-author.ts';
import { joinedWords } from './joined-words.ts';
import { lostWords } from './lost-words.ts';
import { firstTellings } from './past-values.ts';
import type { Author, Passage } from './passage.ts';

/**
 * Lost words, then joined ones, in the order of the page.
 * @param authors of the sessions by whose numbers the past tells of authorship. @param breathe is awaited between steps that take long.
 */
export async function findPassages(
  past: RoomPast,
  authors: readonly SessionAuthor[],
  breathe: () => Promise<unknown>,
): Promise<readonly Passage[]> {
  const first = firstTellings(past);
  const deviceOf = (session: number): string => authors[session]?.device ?? '';
  const sessionOfClient = new Map<number, number>();
  for (const { segment, brings } of past.tellings)
    for (const [client] of brings) if (!sessionOfClient.has(client)) sessionOfClient.set(client, segment);
  const authorOf = (client: number, clock: number): Author => {
    const by = past.brought.at(client, clock);
    // Of a window that is still at it, an earlier session may be here already.
    const session = by >= 0 ? by : (sessionOfClient.get(client) ?? -1);
    const device = deviceOf(session);
    return { session, key: device === '' ? String(client) : device };
  };
  await breathe();
  const lost = lostWords(past, first, deviceOf, authorOf);
  await breathe();
  return [...lost, ...joinedWords(past, first, deviceOf, authorOf)];
}
