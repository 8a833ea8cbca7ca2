// The call about what two people changed apart. Settling one is an edit of the window's, in the document itself.
import type { CallHandlers } from '../call-handlers.ts';

export const overlapCalls = {
  async 'overlap.list'(host, { workspace }) {
    host.workspaces.get(workspace);
    return { entries: [...host.overlaps.list(workspace)], count: host.overlaps.count(workspace) };
  },
} satisfies Partial<CallHandlers>;
