// Waiting for a condition with the patience of a busy machine; it never waits for mere time.
import { vi } from 'vitest';

/** Runs `check` until it does not throw, and returns its result. Looks often, gives up after 15 seconds. */
export function eventually<T>(check: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(check, { timeout: 15_000, interval: 2 });
}
