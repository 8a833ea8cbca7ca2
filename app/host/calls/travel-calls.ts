// Calls about being ready for travel, and the one that keeps all links of this computer off to try it out.
import type { CallHandlers } from '../call-handlers.ts';

export const travelCalls = {
  async 'links.rehearse'({ rehearsal }, { on }) {
    if (on !== undefined) rehearsal.set(on);
    return { since: rehearsal.since };
  },
} satisfies Partial<CallHandlers>;
