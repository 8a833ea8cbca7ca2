// What lies in a folder, with sizes and times of change: equal before and after means that nothing was written. It reads no content.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** @param counts which names count; all of them when it is left out. */
export function listing(directory: string, counts = (_name: string): boolean => true): unknown {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter(counts)
    .sort()
    .map((name) => [name, statSync(join(directory, name)).mtimeMs, statSync(join(directory, name)).size]);
}
