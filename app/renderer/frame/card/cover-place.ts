// Where the pictures on a board's cards are: handed down from the board to whatever draws one of its cards.
import { createContext } from 'svelte';
import type { FilesContext } from '../../features/page/files/files-context.ts';

const [get, set] = createContext<FilesContext>();

/** Only while a component is being set up. */
export const coverPlace = get;
export const provideCoverPlace = set;
