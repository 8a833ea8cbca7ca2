// Calls that look across threads: similar ones, splitting and merging, a card made of one, who has seen an announcement. What is done inside one, windows write.
import { randomId } from '../../../shared/base/random-id.ts';
import { AppError } from '../../../shared/base/app-error.ts';
import { addCard } from '../../../shared/model/board/card-commands.ts';
import { openCardPage } from '../../../shared/model/board/card-page.ts';
import { bodyOf } from '../../../shared/model/document/roots.ts';
import { writeBlocks } from '../../../shared/model/page/write.ts';
import { noteDeed, type DeedKind } from '../../../shared/model/thread/deeds.ts';
import { markMerged, mergeInto, noteCard, unmerge } from '../../../shared/model/thread/fact-commands.ts';
import { readFacts } from '../../../shared/model/thread/facts.ts';
import { markSplit } from '../../../shared/model/thread/moderation.ts';
import { readMeta } from '../../../shared/model/document/meta.ts';
import { readReaders } from '../../../shared/model/thread/readers.ts';
import { beginSplit, takePosts } from '../../../shared/model/thread/split.ts';
import { readVotes } from '../../../shared/model/thread/votes.ts';
import type { DocEntry } from '../../contract/entities.ts';
import type { CallHandlers, HostParts } from '../call-handlers.ts';
import { similarThreads } from '../threads/similar.ts';
import { threadEntries } from '../threads/thread-entries.ts';
import { found } from './document-calls.ts';
import { mayWrite } from './moving-calls.ts';
import { knownSpace } from './space-calls.ts';
import { foundThread, readerIn } from './thread-calls.ts';

interface Place {
  readonly workspace: string;
  readonly document: string;
}

/** A thread of a space that I manage. */
function managed(host: HostParts, of: Place): DocEntry {
  const entry = foundThread(host, of);
  const space = host.workspaces
    .get(of.workspace)
    .spaces()
    .find(({ id }) => id === entry.space);
  if (space?.manages && !space.archived) return entry;
  throw new AppError(
    'not-allowed',
    'Threads are split and merged by the managers of their space. Nothing was changed.',
  );
}

function doing(host: HostParts, workspace: string): { readonly by: string; readonly at: number } {
  return { by: host.workspaces.get(workspace).about.member, at: host.clock.now() };
}

async function refresh(host: HostParts, ...rooms: readonly string[]): Promise<void> {
  await Promise.all(rooms.flatMap((room) => [host.catalogue.refresh(room), host.threads.refresh(room)]));
}

export const tidyingCalls = {
  async 'thread.similar'(host, { workspace, space, text, most = 5 }) {
    if (!knownSpace(host, workspace, space).mayRead(space)) {
      throw new AppError('not-found', 'This space is not on this computer. Nothing was looked for.');
    }
    const rows = similarThreads(host.threads.in(workspace, space), text, most);
    return threadEntries(rows, host.threads.in(workspace, space), await readerIn(host, workspace, space));
  },
  async 'thread.split'(host, { workspace, document, posts, title }) {
    const { room, space } = managed(host, { workspace, document });
    const now = doing(host, workspace);
    const taken = await host.documents.read(room, (doc) => takePosts(doc, posts));
    const id = randomId();
    const target = `${workspace}/${space}/${id}`;
    // The new thread first: an end in between leaves the posts in both, and nothing is lost.
    await host.documents.edit(target, (doc) => beginSplit(doc, { title, from: document, taken, doing: now }));
    await host.documents.edit(room, (doc) =>
      doc.transact(() => {
        for (const [post] of taken.posts) markSplit(doc, post, id, taken.versions.get(post));
        noteDeed(doc, { ...now, what: 'split', to: id, reason: '' });
      }),
    );
    await refresh(host, target, room);
    return found(host, { workspace, document: id });
  },
  async 'thread.merge'(host, { workspace, document, into }) {
    const [source, target] = [managed(host, { workspace, document }), managed(host, { workspace, document: into })];
    const goesOn = await host.documents.read(target.room, (doc) => readFacts(doc).mergedInto);
    if (document === into || source.space !== target.space || goesOn !== null) {
      throw new AppError(
        'bad-input',
        'A thread goes on in another one of its space that goes on itself. Nothing was changed.',
      );
    }
    const now = doing(host, workspace);
    await host.documents.edit(target.room, (doc) => markMerged(doc, document));
    await edited(host, source, 'merge', into, now, (doc) => mergeInto(doc, into, now));
    await refresh(host, target.room, source.room);
    return {};
  },
  async 'thread.unmerge'(host, { workspace, document }) {
    const source = managed(host, { workspace, document });
    const into = await host.documents.read(source.room, (doc) => readFacts(doc).mergedInto?.thread ?? null);
    if (into === null) return {};
    await edited(host, source, 'unmerge', into, doing(host, workspace), (doc) => unmerge(doc, into));
    const target = host.catalogue.entry(workspace, into);
    if (target) await host.documents.edit(target.room, (doc) => unmerge(doc, document));
    await refresh(host, source.room, ...(target ? [target.room] : []));
    return {};
  },
  async 'thread.card'(host, { workspace, document, board, column, title }) {
    const thread = foundThread(host, { workspace, document });
    const place = found(host, { workspace, document: board });
    const about = host.workspaces.get(workspace);
    if (place.kind !== 'board' || !mayWrite(about, place.space) || !mayWrite(about, thread.space)) {
      throw new AppError('not-allowed', 'A card is made on a board that one may write on. Nothing was changed.');
    }
    const { by, at } = doing(host, workspace);
    const card = randomId();
    const room = `${workspace}/${place.space}/${card}`;
    // The board first: where it takes no card nothing else is made.
    await host.documents.edit(place.room, (doc) => {
      addCard(doc, { id: card, title, column, createdBy: by, createdAt: at });
    });
    await host.documents.edit(room, (doc) =>
      doc.transact(() => {
        openCardPage(doc, board, { by, at });
        writeBlocks(bodyOf(doc), [
          { type: 'text', kind: 'paragraph', indent: 0, content: [{ type: 'page', page: document }] },
        ]);
      }),
    );
    await host.documents.edit(thread.room, (doc) => noteCard(doc, card, board));
    await Promise.all([host.catalogue.refresh(room), host.catalogue.refresh(place.room)]);
    return { card };
  },
  async 'thread.seen'(host, { workspace: id, document }) {
    const { room, space } = foundThread(host, { workspace: id, document });
    const workspace = host.workspaces.get(id);
    const [said, holders] = await Promise.all([
      host.documents.read(room, (doc) => ({
        by: readMeta(doc)?.createdBy,
        readers: readReaders(doc),
        votes: readVotes(doc, []),
      })),
      workspace.holders(room),
    ]);
    // Of a guest only those are known whom they meet; who wrote it is not asked whether they saw it.
    const members = workspace
      .members()
      .filter((one) => !one.removed && one.id !== said.by && one.spaces.some((part) => part.space === space))
      .map((one) => one.id);
    const seen = members.filter((member) => said.readers.has(member) || said.votes.has(member));
    const holding = new Set(holders.devices.flatMap(({ held, member }) => (held && member !== null ? [member] : [])));
    // Who has read it has it, and so has this computer.
    const has = new Set([...holding, ...seen, workspace.about.member]);
    return { seen, synced: members.filter((member) => has.has(member)), members };
  },
} satisfies Partial<CallHandlers>;

async function edited(
  host: HostParts,
  { room }: DocEntry,
  what: DeedKind,
  to: string,
  { by, at }: { readonly by: string; readonly at: number },
  change: (doc: Parameters<typeof noteDeed>[0]) => void,
): Promise<void> {
  await host.documents.edit(room, (doc) =>
    doc.transact(() => {
      change(doc);
      noteDeed(doc, { what, to, reason: '', by, at });
    }),
  );
}
