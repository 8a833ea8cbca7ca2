// Preloaded into a program under attack: answers each message of its parent with its memory after a collection, its timers, its
// longest turn since the last answer, and which prototypes are not what they were when it began. No more.
import { readFileSync } from 'node:fs';

/** Milliseconds between two looks at how long this thread has computed: what it does between them others wait for. */
const LOOK = 5;

/** Milliseconds of processor time of this thread: a busy machine makes no turn longer. 0 where the system does not tell. */
function computed() {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[0]) / 1e6;
  } catch {
    return 0; // Not Linux.
  }
}

const PROTOTYPES = [Object, Array, Function, String, Number, Boolean, Symbol, Promise, Map, Set, Uint8Array, Error].map(
  ({ name, prototype }) => ({ name, prototype, was: Object.getOwnPropertyDescriptors(prototype) }),
);

/** @param {(typeof PROTOTYPES)[number]} one */
function isChanged({ prototype, was }) {
  const now = Object.getOwnPropertyDescriptors(prototype);
  const keys = new Set([...Reflect.ownKeys(was), ...Reflect.ownKeys(now)]);
  return [...keys].some((key) => {
    const [before, after] = [Reflect.get(was, key), Reflect.get(now, key)];
    return before?.value !== after?.value || before?.get !== after?.get || before?.set !== after?.set;
  });
}

let [longest, last] = [0, computed()];
setInterval(() => {
  const now = computed();
  longest = Math.max(longest, now - last);
  last = now;
}, LOOK).unref();

process.on('message', () => {
  globalThis.gc?.();
  globalThis.gc?.();
  const timers = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const changed = PROTOTYPES.filter(isChanged).map(({ name }) => name);
  process.send?.({ ...process.memoryUsage(), timers, longest, changed });
  [longest, last] = [0, computed()];
});
process.channel?.unref();
