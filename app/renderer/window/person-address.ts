// Where a person's profile is, as the address of a link in this window.
import { formatRoute, type Route } from './route.ts';

/** In the workspace that is shown; where none is, or nobody is named, there is no profile to go to. */
export function personAddress(here: Route, member: string | null): string | undefined {
  if (member === null || member === '' || !('workspace' in here)) return undefined;
  return formatRoute({ at: 'people', workspace: here.workspace, member });
}
