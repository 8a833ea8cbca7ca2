// Calls about history: a document as it was, who edited it, and how much is kept. They write nothing.
import type { CallHandlers } from '../call-handlers.ts';
import { pastOf } from '../past-document.ts';
import { sessionAuthor } from '../session-author.ts';
import { showDocument } from '../show-document.ts';
import { foundOrCard } from './document-calls.ts';

export const historyCalls = {
  async 'doc.showAt'(host, { workspace, document, at }) {
    const entry = foundOrCard(host, { workspace, document });
    const { update, complete, since } = await host.history.stateAt(entry.room, at);
    const shown = await showDocument(pastOf(update), entry);
    return { ...shown, history: { at, complete, since } };
  },
  async 'doc.history'(host, { workspace, document }) {
    const { room } = foundOrCard(host, { workspace, document });
    const { log } = host.workspaces.get(workspace);
    const segments = await host.history.segmentsOf(room);
    return segments.map(({ hash, startedAt, endedAt, device, signer, updates, size, words }) => ({
      segment: hash,
      from: startedAt,
      to: endedAt,
      ...sessionAuthor(log, { device, signer }),
      updates,
      bytes: size,
      words,
    }));
  },
  async 'history.totals'(host) {
    const { segments, bytes, oldest, retention } = await host.history.totals();
    return { segments, bytes, oldest, days: retention.days, maxBytes: retention.bytes };
  },
} satisfies Partial<CallHandlers>;
