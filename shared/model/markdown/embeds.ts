// Inline things as Markdown: a link with a scheme of its own, whose text is the name that they have now.
import type { CheckBox, Embed, NewInline, TextRun } from '../page/block.ts';
import { isDate, isId } from '../page/embeds.ts';

/** Asked for the names that embeds show; null where one is not known, and the id is written. */
export interface EmbedNames {
  readonly memberName?: (member: string) => string | null;
  readonly pageTitle?: (page: string) => string | null;
}

/** What an embed says, for text that has no embeds. */
export function embedText(embed: Embed, names: EmbedNames = {}): string {
  switch (embed.type) {
    case 'mention':
      return `@${nonEmpty(names.memberName?.(embed.member)) ?? embed.member}`;
    case 'page':
      return nonEmpty(names.pageTitle?.(embed.page)) ?? embed.page;
    case 'date':
      return embed.date;
  }
}

/** A box to tick, as people write one. */
export function boxText({ checked }: CheckBox): string {
  return checked ? '[x]' : '[ ]';
}

/** Content with each embed as a link: `member:<id>`, `page:<id>#<block>`, `date:<day>`. */
export function withoutEmbeds(content: readonly NewInline[], names: EmbedNames = {}): TextRun[] {
  return content.map((inline): TextRun => {
    if (inline.type === 'text') return inline;
    if (inline.type === 'check') return { type: 'text', text: boxText(inline), marks: {} };
    return { type: 'text', text: embedText(inline, names), marks: { link: embedUrl(inline) } };
  });
}

/** The embed that a link is, or null: a day that says itself, or a person with an @. A link to a page stays a link with its text. */
export function embedOfLink(url: string, text: string): Embed | null {
  const [scheme, id] = [url.slice(0, url.indexOf(':')), url.slice(url.indexOf(':') + 1)];
  if (scheme === 'date') return isDate(id) && text === id ? { type: 'date', date: id } : null;
  if (scheme === 'member') return isId(id) && /^@[^\n]/.test(text) ? { type: 'mention', member: id } : null;
  return null;
}

function embedUrl(embed: Embed): string {
  switch (embed.type) {
    case 'mention':
      return `member:${embed.member}`;
    case 'page':
      return `page:${embed.page}${embed.block === undefined ? '' : `#${embed.block}`}`;
    case 'date':
      return `date:${embed.date}`;
  }
}

function nonEmpty(text: string | null | undefined): string | null {
  const line = text?.replace(/\s+/g, ' ').trim();
  return line === undefined || line === '' ? null : line;
}
