// Documents that are copied together: where each copy is, and that what leads from one of them to another leads to the copy. It reads and writes none.
import type { CopyChange } from '../../shared/model/page/copy.ts';
import { readEmbed } from '../../shared/model/page/embeds.ts';
import { pageLink, readPageLink } from '../../shared/model/page/page-link.ts';

/** Where a document's copy is, and which ids its blocks have there. */
export interface CopyOf {
  readonly document: string;
  readonly blocks: ReadonlyMap<string, string>;
}

/** What leads from one of the copied pages to another, or to a block there, leads to the copy: links and page embeds. */
export function leadingToCopies(copies: ReadonlyMap<string, CopyOf>, own: string): CopyChange {
  return {
    ids: copies.get(own)?.blocks ?? new Map<string, string>(),
    link(address) {
      const to = readPageLink(address);
      const copy = to === null ? undefined : copies.get(to.page);
      // An anchor that is no block's id is a heading's words, which are the same in the copy.
      return to && copy ? pageLink(copy.document, copy.blocks.get(to.anchor) ?? to.anchor) : address;
    },
    thing(value) {
      const embed = readEmbed(value);
      const copy = embed?.type === 'page' ? copies.get(embed.page) : undefined;
      if (embed?.type !== 'page' || !copy) return value;
      const { block } = embed;
      return {
        type: 'page',
        page: copy.document,
        ...(block === undefined ? {} : { block: copy.blocks.get(block) ?? block }),
      };
    },
  };
}
