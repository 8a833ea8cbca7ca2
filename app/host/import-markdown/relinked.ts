// Blocks whose links and embeds lead to documents by ids that they had elsewhere: led to the ones that they have here. Pure.
import type { NewBlock, NewInline } from '../../../shared/model/page/block.ts';
import { pageLink, readPageLink } from '../../../shared/model/page/page-link.ts';

/** @param ids new ids by old ones; what is not in it stays. */
export function relinked(blocks: readonly NewBlock[], ids: ReadonlyMap<string, string>): readonly NewBlock[] {
  if (ids.size === 0) return blocks;
  return blocks.map((block) => {
    if (block.type === 'text') return { ...block, content: block.content.map((inline) => inlineTo(inline, ids)) };
    if (block.kind === 'thread') {
      const to = ids.get(block.props?.thread ?? '');
      return to === undefined ? block : { ...block, props: { thread: to } };
    }
    if (block.kind === 'board') {
      const to = ids.get(block.props?.board ?? '');
      return to === undefined ? block : { ...block, props: { ...block.props, board: to } };
    }
    if (block.kind !== 'table' || !block.props?.table) return block;
    const { table } = block.props;
    const rows = table.rows.map((row) => row.map((cell) => cell.map((inline) => inlineTo(inline, ids))));
    return { ...block, props: { ...block.props, table: { ...table, rows } } };
  });
}

function inlineTo(inline: NewInline, ids: ReadonlyMap<string, string>): NewInline {
  if (inline.type === 'page') {
    const to = ids.get(inline.page);
    return to === undefined ? inline : { ...inline, page: to };
  }
  if (inline.type !== 'text' || inline.marks.link === undefined) return inline;
  const address = readPageLink(inline.marks.link);
  const to = address ? ids.get(address.page) : undefined;
  if (!address || to === undefined) return inline;
  return { ...inline, marks: { ...inline.marks, link: pageLink(to, address.anchor) } };
}
