// Calls about history: a document as it was, who edited it, and how much is kept. They write nothing.
import * as Y from 'yjs';
import { AppError } from '../../../shared/base/app-error.ts';
import type { DocEntry } from '../../contract/entities.ts';
import type { CallHandlers, HostParts } from '../call-handlers.ts';
import type { RoomDocuments } from '../room-documents.ts';
import { showDocument } from '../show-document.ts';

function found(host: HostParts, workspace: string, document: string): DocEntry {
  host.workspaces.get(workspace);
  const entry = host.catalogue.entry(workspace, document);
  if (!entry) throw new AppError('not-found', 'This document is not on this computer. Nothing was changed.');
  return entry;
}

/** One document of the past, as showDocument() reads documents. */
function pastOf(update: Uint8Array): Pick<RoomDocuments, 'read'> {
  return {
    async read(_room, look) {
      const doc = new Y.Doc();
      try {
        Y.applyUpdate(doc, update);
        return look(doc);
      } finally {
        doc.destroy();
      }
    },
  };
}

export const historyCalls = {
  async 'doc.showAt'(host, { workspace, document, at }) {
    const entry = found(host, workspace, document);
    const { update, complete, since } = await host.history.stateAt(entry.room, at);
    const shown = await showDocument(pastOf(update), entry);
    return { ...shown, history: { at, complete, since } };
  },
  async 'doc.history'(host, { workspace, document }) {
    const { room } = found(host, workspace, document);
    const { devices } = host.workspaces.get(workspace).log.membership;
    const segments = await host.history.segmentsOf(room);
    return segments.map(({ hash, startedAt, endedAt, device, member, updates, size, words }) => ({
      segment: hash,
      from: startedAt,
      to: endedAt,
      device,
      // Commands of a host know their device alone; the log knows whose it is.
      member: member || (devices.get(device) ?? ''),
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
