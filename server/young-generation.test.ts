// That V8 heeds what a relay asks of it while it runs: a flag that another version of Node may drop without a word.
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { NO_GROWTH } from './young-generation.ts';

/** Bytes of the young generation after 100,000 objects that lived on for a while. */
function youngAfterMuch(flag: string | null): number {
  const script = `
    const v8 = require('node:v8');
    ${flag === null ? '' : `v8.setFlagsFromString('${flag}');`}
    let kept = [];
    for (let at = 0; at < 2_000_000; at += 1) {
      kept.push({ at, more: [at] });
      if (kept.length > 100_000) kept = [];
    }
    console.log(v8.getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space').space_size);`;
  return Number(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' }));
}

test('[RE37] the young generation of a relay does not grow', () => {
  const [grown, kept] = [youngAfterMuch(null), youngAfterMuch(NO_GROWTH)];
  expect(kept).toBeLessThanOrEqual(16 * 1024 * 1024);
  expect(kept).toBeLessThan(grown);
});
