// Code between fences: more backticks than it holds in a row. What the code is, others say.

/** The lines of fenced code. */
export function fencedCode(code: string, language: string): string[] {
  const longest = Math.max(2, ...[...code.matchAll(/`+/g)].map((match) => match[0].length));
  const fence = '`'.repeat(longest + 1);
  const info = language.replace(/[`~&\\\r\n]/g, '').trim();
  return [`${fence}${info}`, ...(code === '' ? [] : code.split('\n')), fence];
}
