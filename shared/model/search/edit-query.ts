// Changes of what stands in the search field that buttons make: taking a condition out, asking for one kind. Pure.
import { parseQuery, type QueryType } from './query.ts';

/** Without the piece at [from, to). */
export function withoutPiece(text: string, from: number, to: number): string {
  return `${text.slice(0, from).trimEnd()} ${text.slice(to).trimStart()}`.trim();
}

/** Asks for one kind alone; null: for all of them. */
export function withType(text: string, type: QueryType | null): string {
  let rest = text;
  const found = parseQuery(text, 0).filters.filter(({ op, not }) => op === 'type' && !not);
  for (const { from, to } of found.toReversed()) rest = withoutPiece(rest, from, to);
  return type === null ? rest : `${rest} type:${type} `.trimStart();
}
