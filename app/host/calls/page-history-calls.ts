// Calls about the past of a page: who edited it and when, a version beside another one, its bytes for a restore. They write nothing.
import * as Y from 'yjs';
import { AppError } from '../../../shared/base/app-error.ts';
import { toBase64url } from '../../../shared/base/encoding.ts';
import { readTitle } from '../../../shared/model/document/title.ts';
import { compareVersions } from '../../../shared/model/page/compare-versions.ts';
import type { CallHandlers } from '../call-handlers.ts';
import type { KnownPast } from '../page-past.ts';
import { sessionAuthor } from '../session-author.ts';
import { wordsOfSessions } from '../session-words.ts';
import { foundOrCard } from './document-calls.ts';

interface OfPage {
  readonly workspace: string;
  readonly document: string;
}

function opened(update: Uint8Array): Y.Doc {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, update);
  return doc;
}

function placeOf({ sessions }: KnownPast, id: string): number {
  const at = sessions.findIndex(({ hash }) => hash === id);
  if (at >= 0) return at;
  throw new AppError(
    'not-found',
    'This session is not kept here any more. Nothing was changed; open the history again.',
  );
}

/** As it was when the session had ended: what others had written by then is in it. */
function after(known: KnownPast, at: number) {
  const session = known.sessions[at];
  return known.past.stateAt(session?.endedAt ?? 0);
}

/** As it was when its first edit came. */
function before(known: KnownPast, at: number) {
  return known.past.stateAt((known.sessions[at]?.startedAt ?? 0) - 1);
}

export const pageHistoryCalls = {
  async 'page.sessions'(host, { workspace, document }: OfPage) {
    const entry = foundOrCard(host, { workspace, document });
    const asked = await host.pagePast.ask(entry.room);
    if (asked.state === 'building') return asked;
    const { past, sessions, since } = asked.known;
    const words = wordsOfSessions(past, sessions.length);
    const { log } = host.workspaces.get(workspace);
    const listed = sessions.map(({ hash, startedAt, endedAt, device, member, signer, updates }, at) => {
      const author = sessionAuthor(log, { device, signer });
      return {
        id: hash,
        from: startedAt,
        to: endedAt,
        ...author,
        by: author.device === '' ? ('unsigned' as const) : member === '' ? ('command' as const) : ('typing' as const),
        open: updates !== undefined,
        added: words[at]?.added ?? 0,
        removed: words[at]?.removed ?? 0,
      };
    });
    listed.sort((a, b) => b.to - a.to || b.from - a.from);
    return { state: 'ready' as const, sessions: listed, complete: past.isWhole, since };
  },
  async 'page.version'(host, { workspace, document, session, against }) {
    const entry = foundOrCard(host, { workspace, document });
    const asked = await host.pagePast.ask(entry.room);
    if (asked.state === 'building') return asked;
    const { known } = asked;
    const { past, sessions } = known;
    const at = placeOf(known, session);
    const endedAt = sessions[at]?.endedAt ?? 0;
    const shown = after(known, at);
    const other = against === 'before' ? before(known, at) : past.stateAt(Number.MAX_SAFE_INTEGER);
    const [one, two] = against === 'before' ? [other, shown] : [shown, other];
    const [earlier, later] = [opened(one.update), opened(two.update)];
    try {
      return {
        state: 'ready' as const,
        at: endedAt,
        title: { before: readTitle(earlier), after: readTitle(later) },
        authors: sessions.map((session) => sessionAuthor(host.workspaces.get(workspace).log, session)),
        blocks: compareVersions(earlier, later, {
          brought: (client, clock) => past.brought.at(client, clock),
          deleted: (client, clock) => past.deleted.at(client, clock),
          otherwise: against === 'before' ? at : -1,
        }),
        complete: shown.complete,
      };
    } finally {
      earlier.destroy();
      later.destroy();
    }
  },
  async 'page.past'(host, { workspace, document, session, side }) {
    const entry = foundOrCard(host, { workspace, document });
    const known = await host.pagePast.whole(entry.room);
    const at = placeOf(known, session);
    const { update, complete } = side === 'after' ? after(known, at) : before(known, at);
    return { update: toBase64url(update), complete };
  },
  async 'page.stopHistory'(host, { workspace, document }) {
    host.pagePast.stop(foundOrCard(host, { workspace, document }).room);
    return {};
  },
} satisfies Partial<CallHandlers>;
