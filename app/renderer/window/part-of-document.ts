// What a route names inside a document beside a block: a comment of a page, and in a card a block of its description or a comment. It reads any text and throws nothing.

export interface CardPart {
  readonly card: string;
  /** A block of its description. */
  readonly block: string;
  /** A comment on the card. */
  readonly post: string;
}

const COMMENT = 'comment:';
const POST = 'post:';
const BLOCK = 'block:';

export function commentPart(comment: string): string {
  return COMMENT + comment;
}

/** The comment that a part of a page is; null for a block. */
export function readCommentPart(part: string): string | null {
  return part.startsWith(COMMENT) ? part.slice(COMMENT.length) : null;
}

export function cardPart({ card, block, post }: CardPart): string {
  if (post !== '') return `${card}/${POST}${post}`;
  return block === '' ? card : `${card}/${BLOCK}${block}`;
}

export function readCardPart(part: string): CardPart {
  const cut = part.indexOf('/');
  if (cut < 0) return { card: part, block: '', post: '' };
  const [card, rest] = [part.slice(0, cut), part.slice(cut + 1)];
  if (rest.startsWith(POST)) return { card, block: '', post: rest.slice(POST.length) };
  return { card, block: rest.startsWith(BLOCK) ? rest.slice(BLOCK.length) : '', post: '' };
}
