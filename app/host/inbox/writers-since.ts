// Who sat at a document since I did, by the sessions that devices or relays signed. It judges no rights.
import { sessionAuthor } from '../session-author.ts';
import type { Sittings } from '../doings/sittings.ts';
import type { Workspace } from '../workspace.ts';

/** The last one first, each once. Where I never sat there, everybody who did. */
export function writersSince(
  sittings: Sittings,
  { log, about }: Workspace,
  room: string,
): readonly { readonly member: string; readonly at: number }[] {
  const last = new Map<string, number>();
  for (const { device, signer, at } of sittings.at(room)) {
    const { member } = sessionAuthor(log, { device, signer });
    if (member !== '') last.set(member, Math.max(at, last.get(member) ?? 0));
  }
  const mine = last.get(about.member) ?? 0;
  return [...last]
    .filter(([member, at]) => member !== about.member && at > mine)
    .map(([member, at]) => ({ member, at }))
    .sort((a, b) => b.at - a.at || (a.member < b.member ? -1 : 1));
}
