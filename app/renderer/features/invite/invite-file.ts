// An invitation as a file to carry: a small JSON that holds the link and says what it is.

export interface InviteFile {
  readonly name: string;
  readonly text: string;
}

/** The title as it may stand in a file's name on every system. */
function plainName(title: string): string {
  const plain = title
    .normalize('NFC')
    .replace(/[^\p{L}\p{N} _-]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 60)
    .trim();
  return plain === '' ? 'Caravan' : plain;
}

export function inviteFile(title: string, link: string): InviteFile {
  return {
    name: `${plainName(title)}.caravan-invite`,
    text: `${JSON.stringify({ caravan: 'invite', link }, null, 2)}\n`,
  };
}
