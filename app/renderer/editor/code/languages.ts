// The languages that code can be coloured in, by the names that people write behind a fence; each grammar is loaded on demand.
import type { LanguageFn } from 'highlight.js';

interface Language {
  readonly title: string;
  readonly load: () => Promise<{ readonly default: LanguageFn }>;
}

const LANGUAGES: Readonly<Record<string, Language>> = {
  bash: { title: 'Shell', load: () => import('highlight.js/lib/languages/bash') },
  c: { title: 'C', load: () => import('highlight.js/lib/languages/c') },
  cpp: { title: 'C++', load: () => import('highlight.js/lib/languages/cpp') },
  csharp: { title: 'C#', load: () => import('highlight.js/lib/languages/csharp') },
  css: { title: 'CSS', load: () => import('highlight.js/lib/languages/css') },
  diff: { title: 'Diff', load: () => import('highlight.js/lib/languages/diff') },
  dockerfile: { title: 'Dockerfile', load: () => import('highlight.js/lib/languages/dockerfile') },
  go: { title: 'Go', load: () => import('highlight.js/lib/languages/go') },
  graphql: { title: 'GraphQL', load: () => import('highlight.js/lib/languages/graphql') },
  haskell: { title: 'Haskell', load: () => import('highlight.js/lib/languages/haskell') },
  ini: { title: 'TOML, INI', load: () => import('highlight.js/lib/languages/ini') },
  java: { title: 'Java', load: () => import('highlight.js/lib/languages/java') },
  javascript: { title: 'JavaScript', load: () => import('highlight.js/lib/languages/javascript') },
  json: { title: 'JSON', load: () => import('highlight.js/lib/languages/json') },
  kotlin: { title: 'Kotlin', load: () => import('highlight.js/lib/languages/kotlin') },
  latex: { title: 'LaTeX', load: () => import('highlight.js/lib/languages/latex') },
  lua: { title: 'Lua', load: () => import('highlight.js/lib/languages/lua') },
  makefile: { title: 'Makefile', load: () => import('highlight.js/lib/languages/makefile') },
  markdown: { title: 'Markdown', load: () => import('highlight.js/lib/languages/markdown') },
  perl: { title: 'Perl', load: () => import('highlight.js/lib/languages/perl') },
  php: { title: 'PHP', load: () => import('highlight.js/lib/languages/php') },
  powershell: { title: 'PowerShell', load: () => import('highlight.js/lib/languages/powershell') },
  python: { title: 'Python', load: () => import('highlight.js/lib/languages/python') },
  r: { title: 'R', load: () => import('highlight.js/lib/languages/r') },
  ruby: { title: 'Ruby', load: () => import('highlight.js/lib/languages/ruby') },
  rust: { title: 'Rust', load: () => import('highlight.js/lib/languages/rust') },
  scala: { title: 'Scala', load: () => import('highlight.js/lib/languages/scala') },
  sql: { title: 'SQL', load: () => import('highlight.js/lib/languages/sql') },
  swift: { title: 'Swift', load: () => import('highlight.js/lib/languages/swift') },
  typescript: { title: 'TypeScript', load: () => import('highlight.js/lib/languages/typescript') },
  xml: { title: 'HTML, XML', load: () => import('highlight.js/lib/languages/xml') },
  yaml: { title: 'YAML', load: () => import('highlight.js/lib/languages/yaml') },
};

const OTHER_NAMES: Readonly<Record<string, string>> = {
  cs: 'csharp',
  docker: 'dockerfile',
  html: 'xml',
  js: 'javascript',
  jsx: 'javascript',
  md: 'markdown',
  ps1: 'powershell',
  py: 'python',
  rb: 'ruby',
  rs: 'rust',
  sh: 'bash',
  shell: 'bash',
  svelte: 'xml',
  svg: 'xml',
  tex: 'latex',
  toml: 'ini',
  ts: 'typescript',
  tsx: 'typescript',
  vue: 'xml',
  yml: 'yaml',
  zsh: 'bash',
};

/** What the picker of a code block offers; a block may hold any other name, too. */
export const NAMED_LANGUAGES: readonly { readonly name: string; readonly title: string }[] = Object.entries(LANGUAGES)
  .map(([name, { title }]) => ({ name, title }))
  .sort((a, b) => a.title.localeCompare(b.title));

/** The grammar for a language as a block names it, or null. */
export function grammarOf(language: string): string | null {
  const name =
    language
      .trim()
      .split(/[\s,{]/, 1)[0]
      ?.toLowerCase() ?? '';
  const grammar = Object.hasOwn(OTHER_NAMES, name) ? (OTHER_NAMES[name] ?? '') : name;
  return Object.hasOwn(LANGUAGES, grammar) ? grammar : null;
}

/** How a language is called; as written where nobody knows it, 'Plain text' for none. */
export function languageTitle(language: string): string {
  const grammar = grammarOf(language);
  return (grammar === null ? language : LANGUAGES[grammar]?.title) || 'Plain text';
}

/** The grammar's definition; null for a name that is none. */
export async function loadGrammar(grammar: string): Promise<LanguageFn | null> {
  return (await LANGUAGES[grammar]?.load())?.default ?? null;
}
