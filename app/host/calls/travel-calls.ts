// Calls about being ready for travel, and the one that keeps all links of this computer off to try it out.
import { AppError } from '../../../shared/base/app-error.ts';
import type { CallHandlers, HostParts } from '../call-handlers.ts';
import { found } from './document-calls.ts';

/** Throws `not-found` for a space that is not here to be read. */
function readable(host: HostParts, workspace: string, space: string): void {
  if (host.workspaces.get(workspace).mayRead(space)) return;
  throw new AppError('not-found', 'This space is not here, or is not yours to read. Nothing was changed.');
}

export const travelCalls = {
  async 'travel.check'(host, { workspace, space }) {
    if (space !== undefined) readable(host, workspace, space);
    return host.travel.check(workspace, space);
  },
  async 'travel.choose'(host, { workspace, choice }) {
    if (choice.what === 'chosen') {
      // Nothing is kept under an id of which this computer knows nothing.
      for (const space of choice.spaces) readable(host, workspace, space);
      for (const document of choice.documents) found(host, { workspace, document });
    }
    await host.travel.choose(workspace, choice);
    return {};
  },
  async 'travel.fetch'(host, { workspace, space, files }) {
    if (space !== undefined) readable(host, workspace, space);
    return host.travel.fetch(workspace, space, files);
  },
  async 'travel.pause'(host, { workspace, files }) {
    await host.travel.pause(workspace, files);
    return {};
  },
  async 'links.rehearse'({ rehearsal }, { on }) {
    if (on !== undefined) rehearsal.set(on);
    return { since: rehearsal.since };
  },
} satisfies Partial<CallHandlers>;
