// The plain join link: `caravan://join#v=1&relay=...&workspace=...&title=...`. It carries no secret and grants nothing by itself.
import { AppError } from '../../shared/base/app-error.ts';
import { LONGEST_TITLE, asOneLine } from '../../shared/model/document/title.ts';
import { isDocumentId } from '../../shared/model/document/meta.ts';
import { parseRelayUrl, type RelayUrl } from './relay-url.ts';

export interface JoinLink {
  readonly relay: RelayUrl;
  readonly workspace: string;
  /** What the inviter's workspace was called; shown until the real title has arrived. May be empty. */
  readonly title: string;
}

const KEYS = new Set(['v', 'relay', 'workspace', 'title']);

export function formatJoinLink(link: JoinLink): string {
  const parts = new URLSearchParams({ v: '1', relay: link.relay, workspace: link.workspace, title: link.title });
  return `caravan://join#${parts.toString()}`;
}

/** Strict: every part exactly once, nothing unknown. The same fragment behind an https page is accepted too. */
export function parseJoinLink(text: string): JoinLink {
  const trimmed = text.trim();
  const [before, fragment, ...rest] = trimmed.split('#');
  const isPlace =
    before === 'caravan://join' || before === 'caravan://join/' || /^https:\/\/[^\s#]+$/.test(before ?? '');
  if (!isPlace || fragment === undefined || rest.length > 0) throw notALink('it does not begin with caravan://join#');
  const parts = new URLSearchParams(fragment);
  for (const key of parts.keys()) {
    if (!KEYS.has(key)) throw notALink(`this version does not know its part "${key.slice(0, 40)}"`);
    if (parts.getAll(key).length > 1) throw notALink(`its part "${key}" stands there twice`);
  }
  const version = parts.get('v');
  if (version === null) throw notALink('its version is missing; perhaps it was cut when it was copied');
  if (version !== '1') {
    throw new AppError(
      'too-new',
      'This link was made by a newer version of Caravan. Nothing was changed. Update Caravan, then open it again.',
    );
  }
  const relay = parts.get('relay');
  const workspace = parts.get('workspace');
  if (!relay) throw notALink("the relay's address is missing; perhaps it was cut when it was copied");
  if (!isDocumentId(workspace)) throw notALink("the workspace's id is missing or cut");
  return { relay: parseRelayUrl(relay), workspace, title: asOneLine(parts.get('title') ?? '').slice(0, LONGEST_TITLE) };
}

function notALink(why: string): AppError {
  return new AppError(
    'bad-input',
    `This is not a link to join a workspace: ${why}. Nothing was changed. Ask for the link again and copy the whole of it.`,
  );
}
