// What the drawings of pictures and files share: where they are, and how each attachment is. Handed down by Svelte's context.
import { getContext } from 'svelte';
import type { HostConnection } from '../../../connection/host-connection.ts';
import type { SmallPictures } from './small-pictures.ts';
import type { BlobStates } from './blob-states.svelte.ts';

export interface FilesContext {
  readonly workspace: string;
  readonly space: string;
  readonly states: BlobStates;
  readonly small: SmallPictures;
  readonly connection: HostConnection;
}

const KEY = 'page-files';

/** Puts it into contexts for components that are mounted later. */
export function filesContext(contexts: Map<unknown, unknown>, value: FilesContext): void {
  contexts.set(KEY, value);
}

/** Only while a component is being set up. */
export function files(): FilesContext {
  return getContext<FilesContext>(KEY);
}
