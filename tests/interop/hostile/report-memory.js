// Preloaded into a program under attack: answers each message of its parent with its memory after a collection, and its timers. No more.
process.on('message', () => {
  globalThis.gc?.();
  globalThis.gc?.();
  const timers = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  process.send?.({ ...process.memoryUsage(), timers });
});
process.channel?.unref();
