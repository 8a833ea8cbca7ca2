// What the drawings of polls, ticks and threads share: the page that they stand in. Handed down by Svelte's context.
import { getContext } from 'svelte';
import type { DocumentHandle } from '../../../documents/document-handle.ts';
import type { Services } from '../../../window/services.ts';

export interface AskingContext {
  readonly workspace: string;
  readonly handle: DocumentHandle;
  readonly space: string;
  readonly page: string;
  readonly services: Services;
}

const KEY = 'page-asking';

/** Puts it into contexts for components that are mounted later. */
export function askingContext(contexts: Map<unknown, unknown>, value: AskingContext): void {
  contexts.set(KEY, value);
}

/** Only while a component is being set up. */
export function asking(): AskingContext {
  return getContext<AskingContext>(KEY);
}

/**
 * Whether I may answer: whoever may write in the space, as long as the page stands in it. A lock forbids editing, and not answering.
 * Reads the window's state: for a derived.
 */
export function mayAnswer({ services, workspace, space, page, handle }: AskingContext): boolean {
  const view = services.host.workspace(workspace);
  const place = view.spaces.find(({ id }) => id === space);
  const entry = view.document(page);
  if (!place || place.part === null || !place.mayWrite || place.archived) return false;
  return entry?.archived !== true && handle.refusal === null;
}
