// Where a window stands, as the fragment of its address; parsing is total: what is not known is the start.

export type Route =
  | { readonly at: 'start' }
  /** First run, or one workspace more. */
  | { readonly at: 'begin' }
  /** Home. */
  | { readonly at: 'workspace'; readonly workspace: string }
  | {
      readonly at: 'document';
      readonly workspace: string;
      readonly document: string;
      readonly fresh: boolean;
      /** The block that it is opened at, or what a heading says; of a thread a post, of a board a card; `part-of-document.ts` says what else. Left out for its start. */
      readonly block?: string;
    }
  | { readonly at: 'archive' | 'trash'; readonly workspace: string; readonly space: string }
  /** `ask`: with a question begun that has these words for its title. */
  | { readonly at: 'threads'; readonly workspace: string; readonly space: string; readonly ask?: string }
  | { readonly at: 'settings'; readonly workspace: string }
  /** With the profile of one person open, or of none. */
  | { readonly at: 'people'; readonly workspace: string; readonly member: string | null }
  /** Roles and invitations; unanswered questions; teams. */
  | { readonly at: 'members'; readonly workspace: string }
  | { readonly at: 'queue' | 'teams'; readonly workspace: string }
  | { readonly at: 'bookmarks' | 'inbox' | 'digest' | 'travel'; readonly workspace: string }
  /** What was changed apart; that of one document first, or of none. */
  | { readonly at: 'overlaps'; readonly workspace: string; readonly document: string | null }
  /** Of one space, or of all. */
  | { readonly at: 'insights'; readonly workspace: string; readonly space: string | null }
  /** With the people of one space open, or of none. */
  | { readonly at: 'spaces'; readonly workspace: string; readonly space: string | null }
  /** With what was typed; '' for nothing yet. */
  | { readonly at: 'search'; readonly workspace: string; readonly query: string }
  | { readonly at: 'log'; readonly workspace: string };

const LONGEST_BLOCK = 1_000;
/** A query of 1,000 signs, each escaped. */
const LONGEST_QUERY = 9_000;
const ID = /^[A-Za-z0-9_][A-Za-z0-9_-]{0,63}$/;

export function parseRoute(fragment: string): Route {
  const [begin, workspace, kind, id, fresh, block, ...rest] = fragment.replace(/^#?\/?/, '').split('/');
  if (begin === 'begin' && workspace === undefined) return { at: 'begin' };
  if (begin !== 'w' || workspace === undefined || !ID.test(workspace) || rest.length > 0) return { at: 'start' };
  if (kind === undefined) return { at: 'workspace', workspace };
  if (kind === 'search' && fresh === undefined)
    return { at: 'search', workspace, query: decoded(id ?? '', LONGEST_QUERY) };
  if (
    (kind === 'settings' ||
      kind === 'log' ||
      kind === 'bookmarks' ||
      kind === 'inbox' ||
      kind === 'digest' ||
      kind === 'travel' ||
      isOfPeople(kind)) &&
    id === undefined
  ) {
    return { at: kind, workspace };
  }
  if (kind === 'overlaps' && id === undefined) return { at: 'overlaps', workspace, document: null };
  if (kind === 'people' && id === undefined) return { at: 'people', workspace, member: null };
  if ((kind === 'spaces' || kind === 'insights') && id === undefined) return { at: kind, workspace, space: null };
  if (id === undefined || !ID.test(id)) return { at: 'start' };
  if (block !== undefined && kind === 'threads' && fresh === 'ask') {
    const ask = decoded(block);
    return ask === '' ? { at: 'start' } : { at: 'threads', workspace, space: id, ask };
  }
  if (block !== undefined) {
    const place = kind === 'd' && fresh === 'at' ? decoded(block) : '';
    return place === '' ? { at: 'start' } : { at: 'document', workspace, document: id, fresh: false, block: place };
  }
  if (kind === 'd' && (fresh === undefined || fresh === 'new')) {
    return { at: 'document', workspace, document: id, fresh: fresh === 'new' };
  }
  if (kind === 'overlaps' && fresh === undefined) return { at: 'overlaps', workspace, document: id };
  if (kind === 'people' && fresh === undefined) return { at: 'people', workspace, member: id };
  if ((kind === 'spaces' || kind === 'insights') && fresh === undefined) return { at: kind, workspace, space: id };
  if ((kind === 'archive' || kind === 'trash' || kind === 'threads') && fresh === undefined)
    return { at: kind, workspace, space: id };
  return { at: 'start' };
}

function isOfPeople(kind: string): kind is 'members' | 'queue' | 'teams' {
  return kind === 'members' || kind === 'queue' || kind === 'teams';
}

function decoded(part: string, longest = LONGEST_BLOCK): string {
  try {
    return part.length > longest ? '' : decodeURIComponent(part);
  } catch {
    return '';
  }
}

export function formatRoute(route: Route): string {
  switch (route.at) {
    case 'start':
      return '#/';
    case 'begin':
      return '#/begin';
    case 'workspace':
      return `#/w/${route.workspace}`;
    case 'document':
      return `#/w/${route.workspace}/d/${route.document}${route.block ? `/at/${encodeURIComponent(route.block)}` : route.fresh ? '/new' : ''}`;
    case 'threads':
      return `#/w/${route.workspace}/threads/${route.space}${route.ask ? `/ask/${encodeURIComponent(route.ask)}` : ''}`;
    case 'archive':
    case 'trash':
      return `#/w/${route.workspace}/${route.at}/${route.space}`;
    case 'settings':
    case 'members':
    case 'queue':
    case 'teams':
    case 'bookmarks':
    case 'inbox':
    case 'digest':
    case 'travel':
    case 'log':
      return `#/w/${route.workspace}/${route.at}`;
    case 'search':
      return `#/w/${route.workspace}/search${route.query === '' ? '' : `/${encodeURIComponent(route.query.replace(/\p{Surrogate}/gu, ''))}`}`;
    case 'overlaps':
      return `#/w/${route.workspace}/overlaps${route.document === null ? '' : `/${route.document}`}`;
    case 'people':
      return `#/w/${route.workspace}/people${route.member === null ? '' : `/${route.member}`}`;
    case 'spaces':
    case 'insights':
      return `#/w/${route.workspace}/${route.at}${route.space === null ? '' : `/${route.space}`}`;
  }
}
