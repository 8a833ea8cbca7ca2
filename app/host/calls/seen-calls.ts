// Calls about how far I have looked at pages: it stands in a document of mine that no other member can read.
import type * as Y from 'yjs';
import { AppError } from '../../../shared/base/app-error.ts';
import { fromBase64url } from '../../../shared/base/encoding.ts';
import { createPersonal, personalRoom } from '../../../shared/model/personal/personal.ts';
import { markOwnClient, markSeen, readSeen } from '../../../shared/model/personal/seen.ts';
import type { CallHandlers } from '../call-handlers.ts';
import { foundOrCard } from './document-calls.ts';

export const seenCalls = {
  async 'seen.of'(host, { workspace: id, document }) {
    foundOrCard(host, { workspace: id, document });
    const workspace = host.workspaces.get(id);
    const room = personalRoom(workspace.id, workspace.about.member, 'seen');
    const clocks = await host.documents.read(room, (doc) => readSeen(doc, document));
    return { clocks: clocks && [...clocks] };
  },
  async 'seen.mark'(host, { workspace: id, document, vector }) {
    foundOrCard(host, { workspace: id, document });
    const workspace = host.workspaces.get(id);
    const bytes = fromBase64url(vector);
    if (!bytes) throw new AppError('bad-input', 'These bytes are no state vector. Nothing was stored.');
    const begun = { createdBy: workspace.about.member, createdAt: host.clock.now() };
    await host.documents.edit(personalRoom(workspace.id, workspace.about.member, 'seen'), (doc: Y.Doc) =>
      doc.transact(() => {
        createPersonal(doc, begun);
        markSeen(doc, { device: host.device.id, document }, bytes);
      }),
    );
    return {};
  },
  async 'seen.own'(host, { workspace: id, document, client }) {
    foundOrCard(host, { workspace: id, document });
    const workspace = host.workspaces.get(id);
    const begun = { createdBy: workspace.about.member, createdAt: host.clock.now() };
    await host.documents.edit(personalRoom(workspace.id, workspace.about.member, 'seen'), (doc: Y.Doc) =>
      doc.transact(() => {
        createPersonal(doc, begun);
        markOwnClient(doc, document, client);
      }),
    );
    return {};
  },
} satisfies Partial<CallHandlers>;
