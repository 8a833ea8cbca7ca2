// Where a window stands, as the fragment of its address; parsing is total: what is not known is the start.

export type Route =
  | { readonly at: 'start' }
  /** First run, or one workspace more. */
  | { readonly at: 'begin' }
  | { readonly at: 'workspace'; readonly workspace: string }
  | { readonly at: 'document'; readonly workspace: string; readonly document: string; readonly fresh: boolean }
  | { readonly at: 'archive'; readonly workspace: string; readonly space: string }
  | { readonly at: 'settings'; readonly workspace: string };

const ID = /^[A-Za-z0-9_][A-Za-z0-9_-]{0,63}$/;

export function parseRoute(fragment: string): Route {
  const [begin, workspace, kind, id, fresh, ...rest] = fragment.replace(/^#?\/?/, '').split('/');
  if (begin === 'begin' && workspace === undefined) return { at: 'begin' };
  if (begin !== 'w' || workspace === undefined || !ID.test(workspace) || rest.length > 0) return { at: 'start' };
  if (kind === undefined) return { at: 'workspace', workspace };
  if (kind === 'settings' && id === undefined) return { at: 'settings', workspace };
  if (id === undefined || !ID.test(id)) return { at: 'start' };
  if (kind === 'd' && (fresh === undefined || fresh === 'new')) {
    return { at: 'document', workspace, document: id, fresh: fresh === 'new' };
  }
  if (kind === 'archive' && fresh === undefined) return { at: 'archive', workspace, space: id };
  return { at: 'start' };
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
      return `#/w/${route.workspace}/d/${route.document}${route.fresh ? '/new' : ''}`;
    case 'archive':
      return `#/w/${route.workspace}/archive/${route.space}`;
    case 'settings':
      return `#/w/${route.workspace}/settings`;
  }
}
