// Where an imported page came from, as `meta.source` holds it: what tells a second import what changed on which side.
import { createHash } from 'node:crypto';
import { z } from 'zod';

const importSource = z.object({
  /** Within the imported folder; a folder's own empty page ends with '/'. */
  path: z.string().max(4_096),
  /** Of the file's text. */
  hash: z.string().max(64),
  /** Of title, front matter and blocks as they were imported. */
  page: z.string().max(64),
  /** Of a thread: the id that it had where it was exported. */
  from: z.string().max(64).optional(),
});
export type ImportSource = Readonly<z.output<typeof importSource>>;

/** Null for a page that was not imported, or whose source a peer made unreadable. */
export function readSource(value: unknown): ImportSource | null {
  const source = importSource.safeParse(value);
  return source.success ? source.data : null;
}

export function textHash(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

/** `properties`: '' where nothing is said; then it is the hash that it was before there were any. */
export function contentHash(
  title: string,
  frontMatter: string,
  blockKeys: readonly string[],
  properties: string,
): string {
  return textHash(JSON.stringify([title, frontMatter, blockKeys, ...(properties === '' ? [] : [properties])]));
}

/**
 * The id of a page that is not here yet. The same person importing the same folder into the same space again, after a
 * cancel, gets the same ids, so that links written by the first run hold. Two people get different ones: if both made one
 * document, each would write its whole text into it.
 */
export function importedId(workspace: string, space: string, member: string, path: string): string {
  for (let round = 0; ; round += 1) {
    const digest = createHash('sha256')
      .update(JSON.stringify([workspace, space, member, path, round]))
      .digest();
    const id = digest.subarray(0, 16).toString('base64url');
    if (!id.startsWith('-')) return id;
  }
}
