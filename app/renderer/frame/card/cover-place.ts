// Where the pictures on a board's cards are: handed down from the board to whatever draws one of its cards.
import { createContext } from 'svelte';
import type { HostConnection } from '../../connection/host-connection.ts';
import { BlobStates } from '../../features/page/files/blob-states.svelte.ts';
import type { FilesContext } from '../../features/page/files/files-context.ts';
import { SmallPictures } from '../../features/page/files/small-pictures.ts';

const [get, set] = createContext<FilesContext>();

/** Only while a component is being set up. */
export const coverPlace = get;
export const provideCoverPlace = set;

export function placeOfPictures(connection: HostConnection, workspace: string, space: string): FilesContext {
  return {
    workspace,
    space,
    connection,
    states: new BlobStates(connection, workspace, space),
    small: new SmallPictures({ workspace, space, connection }),
  };
}
