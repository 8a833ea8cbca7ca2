// The call that purges a document: a signed record, after which every hub drops what it has of it and refuses it.
import { AppError } from '../../../shared/base/app-error.ts';
import { manages } from '../../../shared/access/roles.ts';
import type { CallHandlers } from '../call-handlers.ts';

export const purgeCalls = {
  async 'doc.purge'(host, { workspace: id, document }) {
    const workspace = host.workspaces.get(id);
    const entry = host.catalogue.entry(id, document);
    if (!entry) throw new AppError('not-found', 'This document is not on this computer. Nothing was changed.');
    const { membership, member, now } = workspace.standing();
    const me = membership.members.get(member);
    if (membership.version === 1) {
      throw new AppError(
        'not-allowed',
        'This workspace is still an open one, as earlier versions made them, and nothing can be purged in it. Nothing was changed. It is closed by its owner’s computer at the next start.',
      );
    }
    if (!me || !manages(membership, me, entry.space, now)) {
      throw new AppError(
        'not-allowed',
        'Documents are purged by the managers of their space, and by the admins. Nothing was changed. Archive it instead, or ask one of them.',
      );
    }
    await workspace.log.append({ verb: 'document.purge', space: entry.space, document });
    await host.purged.keep(id, workspace.log.membership.purged);
    if (workspace.link) {
      workspace.syncLog().catch((error: unknown) => {
        // It is signed and stored here; the next time online brings it over.
        host.logger.log('info', 'purge-record-waits', { workspace: id, error: String(error) });
      });
    }
    return {};
  },
} satisfies Partial<CallHandlers>;
