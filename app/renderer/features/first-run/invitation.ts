// What somebody pasted, dropped or scanned, as far as a window can tell: an invitation, a link of one's own other device, or neither.
// The host parses links for real; this only says a slip beside the field, and what the link is about, before anything is asked.

export type Invitation =
  | {
      readonly kind: 'join';
      readonly link: string;
      /** What the inviter's workspace was called; may be empty. */
      readonly title: string;
      /** The relay's host name, or what stands there; null: it leads to the inviting person's computer. */
      readonly relay: string | null;
      /** Good for one person, once. */
      readonly single: boolean;
    }
  | { readonly kind: 'device'; readonly link: string; readonly title: string; readonly relay: string };

export type LinkProblem = 'empty' | 'not-a-link' | 'wrong-kind';
export type Read = { readonly ok: Invitation } | { readonly problem: LinkProblem };

export const LINK_WORDS: Record<LinkProblem, string> = {
  empty: 'Paste the link that you were sent, or choose the file.',
  'not-a-link': 'This is not a link. Copy all of it, from "caravan:" to the end.',
  'wrong-kind': 'This link leads somewhere else: an invitation names a way in and a workspace. Ask for a new one.',
};

/** Finds the link also inside a mail or an invitation's file. Total. */
export function readInvitation(text: string): Read {
  const trimmed = text.trim();
  if (trimmed === '') return { problem: 'empty' };
  const link = linkIn(trimmed);
  if (link === null) return { problem: 'not-a-link' };
  const [before = '', fragment = ''] = link.split('#');
  const parts = new URLSearchParams(fragment);
  const relay = parts.get('relay');
  const title = (parts.get('title') ?? '').trim().slice(0, 200);
  if (!parts.has('workspace')) return { problem: 'wrong-kind' };
  if (parts.get('v') === '3' && parts.has('at'))
    return { ok: { kind: 'join', link, title, relay: null, single: true } };
  if (relay === null || relay === '') return { problem: 'wrong-kind' };
  const common = { link, title, relay: hostOf(relay) };
  if (/^caravan:\/\/device\/?$/i.test(before)) return { ok: { kind: 'device', ...common } };
  return { ok: { kind: 'join', ...common, single: parts.get('v') !== '1' } };
}

function linkIn(text: string): string | null {
  const filed = inFile(text) ?? text;
  const found = /caravan:\/\/(?:join|device)\/?#\S+/i.exec(filed);
  if (found) return found[0].replace(/[>)\]"'.,;]+$/, '');
  return /^[a-z][a-z0-9+.-]*:\S+$/i.test(filed) ? filed : null;
}

/** The link in an invitation's file, or null for any other text. */
function inFile(text: string): string | null {
  if (!text.startsWith('{')) return null;
  try {
    const file: unknown = JSON.parse(text);
    const isInvite = typeof file === 'object' && file !== null && 'caravan' in file && file.caravan === 'invite';
    return isInvite && 'link' in file && typeof file.link === 'string' ? file.link.trim() : null;
  } catch {
    return null; // Not JSON: it is read as any other text.
  }
}

function hostOf(relay: string): string {
  return URL.canParse(relay) ? new URL(relay).host || relay : relay.slice(0, 100);
}
