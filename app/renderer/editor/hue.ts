// Which of the six hues stands for a person: by hash of the member id, the same in every window, never by meaning.

export const HUES = ['clay', 'sand', 'moss', 'sky', 'plum', 'slate'] as const;
export type Hue = (typeof HUES)[number];

/** The hue of a member (FNV-1a over the id's UTF-16 units, modulo six). */
export function hueOf(member: string): Hue {
  let hash = 0x811c9dc5;
  for (let at = 0; at < member.length; at++) {
    hash = Math.imul(hash ^ member.charCodeAt(at), 0x01000193);
  }
  return HUES[(hash >>> 0) % HUES.length] ?? 'clay';
}
