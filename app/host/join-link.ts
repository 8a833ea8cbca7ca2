// Join links: `caravan://join#v=2&relay=...&workspace=...&invite=...&seed=...&title=...`. The seed is the secret; it stands in the fragment.
import { z } from 'zod';
import { SEED_BYTES } from '../../shared/access/seed-key.ts';
import { AppError } from '../../shared/base/app-error.ts';
import { fromBase64url, toBase64url } from '../../shared/base/encoding.ts';
import { LONGEST_TITLE, asOneLine } from '../../shared/model/document/title.ts';
import { isDocumentId } from '../../shared/model/document/meta.ts';
import { parseRelayUrl, type RelayUrl } from './relay-url.ts';

export interface JoinLink {
  readonly relay: RelayUrl;
  readonly workspace: string;
  /** What the inviter's workspace was called; shown until the real title has arrived. May be empty. */
  readonly title: string;
  /** Null in a link of the first kind, which names an open workspace and proves nothing. */
  readonly invite: { readonly id: string; readonly seed: Uint8Array } | null;
}

const KEYS: Readonly<Record<string, ReadonlySet<string>>> = {
  1: new Set(['v', 'relay', 'workspace', 'title']),
  2: new Set(['v', 'relay', 'workspace', 'invite', 'seed', 'title']),
};

/** What a saved invite (`*.caravan-invite`) holds. */
const inviteFile = z.strictObject({ caravan: z.literal('invite'), link: z.string().max(10_000) });

export function formatJoinLink({ relay, workspace, title, invite }: JoinLink): string {
  const parts = invite
    ? { v: '2', relay, workspace, invite: invite.id, seed: toBase64url(invite.seed), title }
    : { v: '1', relay, workspace, title };
  return `caravan://join#${new URLSearchParams(parts).toString()}`;
}

/** Strict: every part exactly once, nothing unknown. The same fragment behind an https page, and an invite file's text, are accepted too. */
export function parseJoinLink(text: string): JoinLink {
  const trimmed = linkIn(text.trim());
  const [before, fragment, ...rest] = trimmed.split('#');
  const isPlace =
    before === 'caravan://join' || before === 'caravan://join/' || /^https:\/\/[^\s#]+$/.test(before ?? '');
  if (!isPlace || fragment === undefined || rest.length > 0) throw notALink('it does not begin with caravan://join#');
  const parts = new URLSearchParams(fragment);
  const version = parts.get('v');
  if (version === null) throw notALink('its version is missing; perhaps it was cut when it was copied');
  const known = KEYS[version];
  if (!known) {
    throw new AppError(
      'too-new',
      'This link was made by a newer version of Caravan. Nothing was changed. Update Caravan, then open it again.',
    );
  }
  for (const key of parts.keys()) {
    if (!known.has(key)) throw notALink(`this version does not know its part "${key.slice(0, 40)}"`);
    if (parts.getAll(key).length > 1) throw notALink(`its part "${key}" stands there twice`);
  }
  const relay = parts.get('relay');
  const workspace = parts.get('workspace');
  if (!relay) throw notALink("the relay's address is missing; perhaps it was cut when it was copied");
  if (!isDocumentId(workspace)) throw notALink("the workspace's id is missing or cut");
  return {
    relay: parseRelayUrl(relay),
    workspace,
    title: asOneLine(parts.get('title') ?? '').slice(0, LONGEST_TITLE),
    invite: version === '1' ? null : inviteIn(parts),
  };
}

function inviteIn(parts: URLSearchParams): NonNullable<JoinLink['invite']> {
  const id = parts.get('invite');
  const seed = fromBase64url(parts.get('seed') ?? '');
  if (!isDocumentId(id)) throw notALink("the invite's id is missing or cut");
  if (seed?.length !== SEED_BYTES) throw notALink('its secret is missing or cut');
  return { id, seed };
}

/** The link of a saved invite; any other text is taken for the link itself. */
function linkIn(text: string): string {
  if (!text.startsWith('{')) return text;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw notALink('the invite file cannot be read');
  }
  const file = inviteFile.safeParse(value);
  if (!file.success) throw notALink('the file is not a saved invite');
  return file.data.link.trim();
}

function notALink(why: string): AppError {
  return new AppError(
    'bad-input',
    `This is not a link to join a workspace: ${why}. Nothing was changed. Ask for the link again and copy the whole of it.`,
  );
}
