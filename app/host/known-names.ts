// Titles of pages and names of people for text that leaves the program: as they are now, and only of what this person may know.
import type { HostParts } from './call-handlers.ts';

export interface KnownNames {
  /** Null for a page that is not here, or stands where they may not read. */
  pageTitle(page: string): string | null;
  memberName(member: string): string | null;
}

export function knownNames(host: HostParts, workspaceId: string): KnownNames {
  const workspace = host.workspaces.get(workspaceId);
  const members = new Map(workspace.members().map(({ id, name }) => [id, name]));
  return {
    pageTitle: (page) => {
      const entry = host.catalogue.entry(workspaceId, page);
      return entry && workspace.mayRead(entry.space) ? entry.title : null;
    },
    memberName: (member) => members.get(member) ?? null,
  };
}
