// Calls about my own favourites: they stand in a document of mine that no other member can read.
import { addFavourite, removeFavourite } from '../../../shared/model/personal/favourites.ts';
import { createPersonal, personalRoom } from '../../../shared/model/personal/personal.ts';
import type { CallHandlers } from '../call-handlers.ts';
import type { Workspace } from '../workspace.ts';
import { found } from './document-calls.ts';

export function favouriteRoom(workspace: Workspace): string {
  return personalRoom(workspace.id, workspace.about.member, 'favourites');
}

export const favouriteCalls = {
  async 'favourites.list'(host, { workspace }) {
    return [...(host.catalogue.row(favouriteRoom(host.workspaces.get(workspace)))?.favourites ?? [])];
  },
  async 'favourites.set'(host, { workspace: id, document, favourite, after }) {
    const workspace = host.workspaces.get(id);
    if (favourite) found(host, { workspace: id, document });
    const room = favouriteRoom(workspace);
    const begun = { createdBy: workspace.about.member, createdAt: host.clock.now() };
    await host.documents.edit(room, (doc) =>
      doc.transact(() => {
        createPersonal(doc, begun);
        if (favourite) addFavourite(doc, document, after);
        else removeFavourite(doc, document);
      }),
    );
    await host.catalogue.refresh(room);
    return {};
  },
} satisfies Partial<CallHandlers>;
