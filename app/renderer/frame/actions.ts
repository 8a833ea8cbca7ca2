// What can be done from the palette in a workspace, as a list; each entry only calls what it was given.
import type { Action } from '../features/palette/search.ts';
import type { PageAction } from './page-action.ts';
import type { Preferences } from '../window/preferences.svelte.ts';

export interface FrameActions {
  readonly newPage: (title: string | undefined) => void;
  readonly newSpace: () => void;
  readonly importMarkdown: () => void;
  readonly importTrello: () => void;
  readonly exportSpace: () => void;
  /** Of the page that is shown; none where none is. */
  readonly page: readonly PageAction[];
  /** What that is, in a word. */
  readonly what: string;
  /** Null where nothing can be written. */
  readonly newBoard: (() => void) | null;
  readonly fromTemplate: (() => void) | null;
  readonly exportAll: () => void;
  /** Null for whoever is no member any more. */
  readonly bundle: ((write: boolean) => void) | null;
  readonly archived: () => void;
  readonly trash: () => void;
  readonly settings: () => void;
  readonly people: () => void;
  readonly queue: () => void;
  readonly teams: () => void;
  readonly members: () => void;
  readonly spaces: () => void;
  readonly home: () => void;
  readonly bookmarks: () => void;
  /** Looks through all text for what was typed. */
  readonly search: (query: string) => void;
  readonly inbox: () => void;
  readonly overlaps: () => void;
  readonly digest: () => void;
  readonly insights: () => void;
  readonly travel: () => void;
  /** All links of this computer are off: turns them on; null: they are on. */
  readonly endRehearsal: (() => void) | null;
  readonly invite: (() => void) | null;
  readonly log: () => void;
  /** What waits to leave this computer. */
  readonly outbox: () => void;
  /** Teammates' computers beside this one, and connecting with one by code. */
  readonly nearby: () => void;
  readonly connect: () => void;
  readonly leave: (() => void) | null;
  readonly help: () => void;
  readonly newWorkspace: () => void;
  /** Where a new page goes, in words. */
  readonly place: string;
  readonly spaceName: string;
}

export function paletteActions(query: string, frame: FrameActions, preferences: Preferences): readonly Action[] {
  const typed = query.trim();
  const theme = (value: Preferences['theme'], title: string): Action => ({
    id: `theme-${value}`,
    title,
    keywords: 'theme appearance colours dark light night',
    run: () => (preferences.theme = value),
  });
  const all: (Action | null)[] = [
    {
      id: 'new-page',
      title: typed === '' ? 'New page' : `New page “${typed}”`,
      detail: `in ${frame.place}`,
      shortcut: 'Ctrl Alt N',
      always: true,
      run: () => frame.newPage(typed === '' ? undefined : typed),
    },
    {
      id: 'search',
      title: typed === '' ? 'Search everything' : `Search everything for “${typed}”`,
      shortcut: typed === '' ? 'Ctrl Shift F' : 'Ctrl ↵',
      keywords: 'find text words everywhere',
      always: true,
      run: () => frame.search(typed),
    },
    { id: 'new-space', title: 'New space', keywords: 'community create', run: frame.newSpace },
    { id: 'import', title: 'Import Markdown', keywords: 'folder obsidian', run: frame.importMarkdown },
    { id: 'import-trello', title: 'Import a Trello board', keywords: 'json cards kanban', run: frame.importTrello },
    {
      id: 'export',
      title: 'Export as Markdown',
      detail: frame.spaceName,
      keywords: 'zip download',
      run: frame.exportSpace,
    },
    {
      id: 'export-all',
      title: 'Export everything as Markdown',
      keywords: 'zip download workspace all spaces backup',
      run: frame.exportAll,
    },
    frame.bundle && {
      id: 'write-bundle',
      title: 'Write a bundle',
      keywords: 'stick usb file carry offline changes sneakernet',
      run: () => frame.bundle?.(true),
    },
    frame.bundle && {
      id: 'read-bundle',
      title: 'Read a bundle',
      keywords: 'stick usb file carry offline changes',
      run: () => frame.bundle?.(false),
    },
    frame.newBoard && {
      id: 'new-board',
      title: 'New board',
      detail: `in ${frame.place}`,
      keywords: 'create kanban cards columns project',
      run: frame.newBoard,
    },
    frame.fromTemplate && {
      id: 'from-template',
      title: 'New page from a template',
      keywords: 'create pattern',
      run: frame.fromTemplate,
    },
    ...frame.page.map(({ id, label, keywords, key, shown = key?.shown, run }): Action => ({
      id: `page-${id}`,
      title: `${label.replace(/…$/, '')}${id === 'place' || id === 'move' ? '' : `: this ${frame.what}`}`,
      keywords: `${keywords} this ${frame.what}`,
      ...(shown === undefined ? {} : { shortcut: shown }),
      run,
    })),
    { id: 'archived', title: 'Archived pages', detail: frame.spaceName, keywords: 'restore', run: frame.archived },
    { id: 'trash', title: 'Trash', detail: frame.spaceName, keywords: 'deleted bin restore purge', run: frame.trash },
    preferences.theme !== 'dark' ? theme('dark', 'Use the dark theme') : null,
    preferences.theme !== 'light' ? theme('light', 'Use the light theme') : null,
    preferences.theme !== 'system' ? theme('system', 'Use the theme of the system') : null,
    { id: 'people', title: 'People', keywords: 'directory profile skills who knows expert', run: frame.people },
    { id: 'queue', title: 'Unanswered questions', keywords: 'ask answer queue expert', run: frame.queue },
    { id: 'teams', title: 'Teams', keywords: 'tree organisation import', run: frame.teams },
    { id: 'members', title: 'Roles and invitations', keywords: 'members people devices', run: frame.members },
    frame.invite && { id: 'invite', title: 'Invite somebody', keywords: 'link guest member qr', run: frame.invite },
    { id: 'home', title: 'Home', keywords: 'news colleagues followed start', run: frame.home },
    { id: 'inbox', title: 'Inbox', keywords: 'mentions notifications assigned replies', run: frame.inbox },
    { id: 'digest', title: 'While you were away', keywords: 'digest landing offline news missed', run: frame.digest },
    { id: 'bookmarks', title: 'Bookmarks', keywords: 'links saved shared', run: frame.bookmarks },
    {
      id: 'overlaps',
      title: 'Overlaps',
      keywords: 'changed apart both versions conflict merge keep take',
      run: frame.overlaps,
    },
    { id: 'insights', title: 'Insights', keywords: 'figures statistics answered active', run: frame.insights },
    {
      id: 'travel',
      title: 'Ready for travel',
      keywords: 'offline flight train check missing files fetch rehearse away',
      run: frame.travel,
    },
    frame.endRehearsal && {
      id: 'end-rehearsal',
      title: 'Turn the links of this computer on',
      keywords: 'rehearse offline relay connect',
      run: frame.endRehearsal,
    },
    { id: 'spaces', title: 'Spaces', keywords: 'enter guests outsiders archive', run: frame.spaces },
    { id: 'log', title: 'Membership log', keywords: 'audit who when decisions', run: frame.log },
    {
      id: 'outbox',
      title: 'What waits to leave this computer',
      keywords: 'outbox unsent offline sync relay saved receipts',
      run: frame.outbox,
    },
    { id: 'nearby', title: 'Laptops nearby', keywords: 'peers network lan wifi colleagues here', run: frame.nearby },
    {
      id: 'connect',
      title: 'Connect two laptops by code',
      keywords: 'peer hotspot hotel address qr offline lan wifi',
      run: frame.connect,
    },
    frame.leave && { id: 'leave', title: 'Leave this workspace', keywords: 'quit erase delete', run: frame.leave },
    {
      id: 'settings',
      title: 'Settings',
      keywords: 'preferences relay licences contrast devices recovery key backup disk',
      run: frame.settings,
    },
    { id: 'help', title: 'Keys', shortcut: '?', keywords: 'help shortcuts keyboard', run: frame.help },
    {
      id: 'new-workspace',
      title: 'Start or join another workspace',
      keywords: 'invitation link',
      run: frame.newWorkspace,
    },
  ];
  return all.filter((action) => action !== null);
}
