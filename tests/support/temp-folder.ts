// A folder of its own for one test, removed with it; nothing else is cleaned up here.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** The path of a fresh empty folder. Removed when the running test ends, after what the test registered later. */
export async function temporaryFolder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'caravan-test-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}
