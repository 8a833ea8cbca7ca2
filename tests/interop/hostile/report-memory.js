// Preloaded into a program under attack: answers each message of its parent with its memory after a collection. No more.
process.on('message', () => {
  globalThis.gc?.();
  globalThis.gc?.();
  process.send?.(process.memoryUsage());
});
process.channel?.unref();
