// Calls about words that a deletion swallowed: what was found, without what I let go of; and letting go. Putting back is an edit of the window's.
import type * as Y from 'yjs';
import { createPersonal, personalRoom } from '../../../shared/model/personal/personal.ts';
import { dismissWords, readDismissed } from '../../../shared/model/personal/dismissed.ts';
import { areAmong } from '../../../shared/model/page/recovered.ts';
import type { CallHandlers } from '../call-handlers.ts';
import type { Passage } from '../recovered/passage.ts';
import type { SessionAuthor } from '../session-author.ts';
import { foundOrCard } from './document-calls.ts';

/** More at once nobody reads; the others follow when these are settled. */
const SHOWN = 200;

function entryOf(passage: Passage, authors: readonly SessionAuthor[]) {
  const whose = (number: number): string => authors[number]?.member ?? '';
  const { kind, lines, ranges, place, block, at, typedIn, typedAt, deletedIn, deletedAt } = passage;
  const [first] = ranges;
  return {
    id: `${kind} ${(first ?? []).join('.')} ${String(ranges.length)}`,
    kind,
    lines: [...lines],
    words: ranges,
    by: whose(typedIn),
    at: typedAt,
    deletedBy: whose(deletedIn),
    deletedAt,
    place,
    item: [at.client, at.clock] as const,
    block,
  };
}

export const recoveredCalls = {
  async 'recovered.list'(host, { workspace: id, document, long, again }) {
    const entry = foundOrCard(host, { workspace: id, document });
    const look = await host.recovered.ask(entry.room, long, again);
    if (look.state !== 'ready') return look;
    const workspace = host.workspaces.get(id);
    const room = personalRoom(workspace.id, workspace.about.member, 'recovered');
    const dismissed =
      look.passages.length > 0 ? await host.documents.read(room, (doc) => readDismissed(doc, document)) : null;
    const open = look.passages.filter(({ ranges }) => !areAmong(ranges, dismissed ?? []));
    return {
      state: 'ready' as const,
      passages: open.slice(0, SHOWN).map((passage) => entryOf(passage, look.authors)),
    };
  },
  async 'recovered.dismiss'(host, { workspace: id, document, words, dismissed }) {
    foundOrCard(host, { workspace: id, document });
    const workspace = host.workspaces.get(id);
    const begun = { createdBy: workspace.about.member, createdAt: host.clock.now() };
    await host.documents.edit(personalRoom(workspace.id, workspace.about.member, 'recovered'), (doc: Y.Doc) =>
      doc.transact(() => {
        createPersonal(doc, begun);
        dismissWords(doc, document, words, dismissed);
      }),
    );
    return {};
  },
} satisfies Partial<CallHandlers>;
