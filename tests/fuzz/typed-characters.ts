// Characters that are typed once and never again (Unicode's private use area), so that a lost or doubled one has a name.

export const FIRST_CHARACTER = 0xe000;
export const LAST_CHARACTER = 0xf8ff;

/** A typed character's name in messages. */
export function code(character: string): string {
  return character.charCodeAt(0).toString(16);
}

/** How often each typed character stands in a text. */
export function charactersIn(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const character of text) {
    const point = character.charCodeAt(0);
    if (point < FIRST_CHARACTER || point > LAST_CHARACTER) continue;
    counts.set(character, (counts.get(character) ?? 0) + 1);
  }
  return counts;
}

/** A member id that stands for a typed character, so that a mention has a name of its own, too. */
export function memberOf(character: string): string {
  return `member-${code(character)}`;
}

/** The character that such a member id stands for; '' for any other value. */
export function characterOf(member: unknown): string {
  const point = typeof member === 'string' ? /^member-([0-9a-f]{4})$/.exec(member)?.[1] : undefined;
  return point === undefined ? '' : String.fromCharCode(parseInt(point, 16));
}
