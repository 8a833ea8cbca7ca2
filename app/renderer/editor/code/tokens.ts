// Coloured code as a flat list of ranges, each with one of a few voices. It knows no grammar.
import type { createLowlight } from 'lowlight';

type Tree = ReturnType<ReturnType<typeof createLowlight>['highlight']>;
type Child = Tree['children'][number];

export interface Token {
  readonly from: number;
  readonly to: number;
  /** A class of editor.css. */
  readonly name: string;
}

/** The grammars' many scopes as the few that the page tells apart. */
const VOICES: Readonly<Record<string, string>> = {
  comment: 'code-comment',
  quote: 'code-comment',
  keyword: 'code-keyword',
  'selector-tag': 'code-keyword',
  literal: 'code-number',
  number: 'code-number',
  symbol: 'code-number',
  string: 'code-string',
  regexp: 'code-string',
  addition: 'code-string',
  link: 'code-string',
  title: 'code-name',
  name: 'code-name',
  section: 'code-name',
  type: 'code-name',
  attr: 'code-attribute',
  attribute: 'code-attribute',
  property: 'code-attribute',
  built_in: 'code-attribute',
  variable: 'code-attribute',
  'selector-class': 'code-attribute',
  'selector-id': 'code-attribute',
  meta: 'code-meta',
  deletion: 'code-meta',
};

export function tokensOf(tree: Tree): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const waiting: { readonly child: Child; readonly voice: string | null }[] = [];
  const push = (children: readonly Child[], voice: string | null): void => {
    for (const child of children.toReversed()) waiting.push({ child, voice });
  };
  push(tree.children, null);
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { child, voice } = next;
    if (child.type === 'text') {
      if (voice !== null) tokens.push({ from: at, to: at + child.value.length, name: voice });
      at += child.value.length;
    } else if (child.type === 'element')
      push(child.children as Child[], voiceOf(child.properties['className']) ?? voice);
  }
  return tokens;
}

function voiceOf(names: unknown): string | null {
  if (!Array.isArray(names)) return null;
  for (const name of names) {
    const voice = typeof name === 'string' ? VOICES[name.replace(/^hljs-/, '')] : undefined;
    if (voice !== undefined) return voice;
  }
  return null;
}
