// The kinds that text can have, with the words and signs by which people find them. Menus are made of it elsewhere.
import type { KindChoice } from './commands/kinds.ts';

export interface NamedKind {
  readonly id: string;
  readonly title: string;
  /** What can be typed at the start of a line instead; '' for nothing. */
  readonly hint: string;
  /** Further words that find it. */
  readonly keywords: readonly string[];
  /** A Lucide icon's name. */
  readonly icon: string;
  readonly choice: KindChoice;
}

export const NAMED_KINDS: readonly NamedKind[] = [
  {
    id: 'text',
    title: 'Text',
    hint: '',
    keywords: ['paragraph', 'plain', 'body'],
    icon: 'pilcrow',
    choice: { kind: 'paragraph' },
  },
  {
    id: 'heading-1',
    title: 'Heading 1',
    hint: '#',
    keywords: ['h1', 'title', 'section'],
    icon: 'heading-1',
    choice: { kind: 'heading', level: 1 },
  },
  {
    id: 'heading-2',
    title: 'Heading 2',
    hint: '##',
    keywords: ['h2', 'subtitle'],
    icon: 'heading-2',
    choice: { kind: 'heading', level: 2 },
  },
  {
    id: 'heading-3',
    title: 'Heading 3',
    hint: '###',
    keywords: ['h3'],
    icon: 'heading-3',
    choice: { kind: 'heading', level: 3 },
  },
  {
    id: 'bullet',
    title: 'Bullet list',
    hint: '-',
    keywords: ['unordered', 'ul', 'points'],
    icon: 'list',
    choice: { kind: 'bullet' },
  },
  {
    id: 'ordered',
    title: 'Numbered list',
    hint: '1.',
    keywords: ['ordered', 'ol', 'steps'],
    icon: 'list-ordered',
    choice: { kind: 'ordered' },
  },
  {
    id: 'check',
    title: 'Checklist',
    hint: '[]',
    keywords: ['todo', 'task', 'checkbox', 'done'],
    icon: 'list-checks',
    choice: { kind: 'check' },
  },
  {
    id: 'toggle',
    title: 'Toggle',
    hint: '',
    keywords: ['fold', 'collapse', 'details', 'accordion'],
    icon: 'list-collapse',
    choice: { kind: 'toggle' },
  },
  {
    id: 'quote',
    title: 'Quote',
    hint: '>',
    keywords: ['blockquote', 'citation'],
    icon: 'text-quote',
    choice: { kind: 'quote' },
  },
  {
    id: 'callout',
    title: 'Callout',
    hint: '',
    keywords: ['warning', 'note', 'notice', 'box'],
    icon: 'triangle-alert',
    choice: { kind: 'callout' },
  },
  {
    id: 'code',
    title: 'Code',
    hint: '```',
    keywords: ['pre', 'source', 'snippet', 'monospace'],
    icon: 'code',
    choice: { kind: 'code' },
  },
];

/** The entry for a block of a kind and level; headings deeper than three count as the third. */
export function namedKind(kind: string, level: number): NamedKind | null {
  return (
    NAMED_KINDS.find(({ choice }) => choice.kind === kind && (choice.level ?? 1) === Math.min(3, level)) ??
    NAMED_KINDS.find(({ choice }) => choice.kind === kind) ??
    null
  );
}
