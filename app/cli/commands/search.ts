// search: looks through everything on this computer, without a window.
import type { SearchHit } from '../../contract/search.ts';
import type { CommonFlags } from '../common-flags.ts';
import type { CliEnvironment } from '../environment.ts';
import { print } from '../print.ts';
import { chooseWorkspace, withHost } from '../with-host.ts';

export async function search(
  environment: CliEnvironment,
  words: readonly string[],
  flags: CommonFlags & { readonly most: number },
): Promise<void> {
  await withHost(environment, flags, { links: false, onlyReads: true }, async (host) => {
    const { id: workspace } = await chooseWorkspace(host, flags);
    // The shell took the quotation marks away: several words that came as one belong together.
    const query = words.map((word) => (/\s/.test(word) && words.length > 1 ? `"${word}"` : word)).join(' ');
    const found = await host.call('search.find', { workspace, query: `${query} `, most: flags.most, wait: true });
    const spaces = await host.call('space.list', { workspace });
    for (const { message } of found.problems) environment.err(message);
    const nameOf = (space: string): string => spaces.find(({ id }) => id === space)?.name ?? '';
    const lines = found.hits.flatMap((hit) => linesOf(hit, nameOf(hit.space)));
    const more = found.total - found.hits.length;
    print(environment, flags, found.hits, [
      ...(lines.length > 0 ? lines : ['Nothing on this computer has all of these words.']),
      ...(more > 0 ? [`${more} more.`] : []),
    ]);
  });
}

function linesOf({ kind, title, space, passages, open }: SearchHit, name: string): string[] {
  const where = space.startsWith('@') ? '' : `, ${name || 'a space'}`;
  return [
    `${title.text || 'Untitled'}  (${kind}${where}; ${open.document}${open.card === '' ? '' : ` ${open.card}`})`,
    ...passages.map(({ text }) => `  ${text}`),
  ];
}
