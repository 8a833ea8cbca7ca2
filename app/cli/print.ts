// Results as lines: JSON for programs, columns for people. It decides nothing.
import type { CliEnvironment } from './environment.ts';
import type { CommonFlags } from './common-flags.ts';

/** One JSON text with --json, else the lines for people. */
export function print(environment: CliEnvironment, flags: CommonFlags, value: unknown, lines: readonly string[]): void {
  if (flags.json) environment.out(JSON.stringify(value));
  else for (const line of lines) environment.out(line);
}

/** Rows as columns, each as wide as its widest cell; the last one is not padded. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, at) => (widths[at] = Math.max(widths[at] ?? 0, cell.length)));
  return rows.map((row) =>
    row
      .map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(widths[at] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

/** "1 page", "3 pages". */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
