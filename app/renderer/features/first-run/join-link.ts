// A first look at a pasted join link, so that a slip is said beside the field; the host parses it for real.

export type LinkProblem = 'empty' | 'not-a-link' | 'wrong-kind';

/** What is wrong with the text as far as a window can see, or null. */
export function linkProblem(text: string): LinkProblem | null {
  const link = text.trim();
  if (link === '') return 'empty';
  if (!/^[a-z][a-z0-9+.-]*:/i.test(link) || /\s/.test(link)) return 'not-a-link';
  const fragment = new URLSearchParams(link.split('#')[1] ?? '');
  return fragment.has('workspace') && fragment.has('relay') ? null : 'wrong-kind';
}

export const LINK_WORDS: Record<LinkProblem, string> = {
  empty: 'Paste the link that you were sent.',
  'not-a-link': 'This is not a link. Copy all of it, from "caravan:" to the end.',
  'wrong-kind': 'This link leads somewhere else: an invitation names a relay and a workspace. Ask for a new one.',
};
