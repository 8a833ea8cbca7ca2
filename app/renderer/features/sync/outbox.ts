// What waits to leave, as lists show it: its name, where it stands, and where a press leads. Words and places alone.
import type { OutboxEntry, SpaceEntry } from '../../../contract/entities.ts';
import type { Route } from '../../window/route.ts';
import { count } from '../../window/times.ts';

/** The space's id in a room's name; `@` and `~` begin those of a member. */
function spaceOf({ room }: Pick<OutboxEntry, 'room'>): string {
  return room.split('/')[1] ?? '';
}

/** What people call it, where it has no title of its own. */
export function nameOf(entry: OutboxEntry): string {
  switch (entry.kind) {
    case 'card':
      return entry.title === '' ? 'A card' : `A card on ${entry.title}`;
    case 'profile':
      return entry.title === '' ? 'Your profile' : `Profile of ${entry.title}`;
    case 'personal':
      return PERSONAL[entry.id] ?? 'What only you see';
    case 'space':
      return entry.title === '' ? 'About a space' : `About the space ${entry.title}`;
    case 'workspace':
      return entry.title === '' ? 'About the workspace' : `About the workspace ${entry.title}`;
    case 'board':
    case 'page':
    case 'thread':
      return entry.title || 'Untitled';
  }
}

/** Documents that only one's own computers have. */
const PERSONAL: Readonly<Record<string, string>> = {
  favourites: 'Your favourites',
  drafts: 'Your drafts',
  bookmarks: 'Your bookmarks',
  views: 'How you look at boards',
  levels: 'What you want to hear of',
  watched: 'What you watch',
  follows: 'Whom you follow',
};

/** Where it stands, and what of it waits: "Ground station, 2 files". */
export function detailOf(entry: OutboxEntry, spaces: readonly Pick<SpaceEntry, 'id' | 'name'>[]): string {
  const space = spaceOf(entry);
  const name = space.startsWith('~')
    ? 'Only on your own computers'
    : (spaces.find(({ id }) => id === space)?.name ?? '');
  const files = entry.files === undefined ? '' : count(entry.files, 'file');
  return [name, files].filter((part) => part !== '').join(', ');
}

/** Null for what has no screen of its own. */
export function placeOf(entry: OutboxEntry, workspace: string): Route | null {
  const space = spaceOf(entry);
  switch (entry.kind) {
    case 'page':
    case 'board':
    case 'thread':
      return { at: 'document', workspace, document: entry.id, fresh: false };
    case 'card':
      return entry.board === undefined
        ? null
        : { at: 'document', workspace, document: entry.board, fresh: false, block: entry.id };
    case 'profile':
      return space.startsWith('@') ? { at: 'people', workspace, member: space.slice(1) } : null;
    case 'space':
      return { at: 'spaces', workspace, space: null };
    case 'workspace':
      return { at: 'settings', workspace };
    case 'personal':
      return null;
  }
}
