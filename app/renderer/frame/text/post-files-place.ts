// Where the attachments of posts are: handed down to whatever draws one.
import { createContext } from 'svelte';
import type { FilesContext } from '../../features/page/files/files-context.ts';

const [get, set] = createContext<FilesContext>();

/** Only while a component is being set up. */
export const postFilesPlace = get;
export const providePostFilesPlace = set;
