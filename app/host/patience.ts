// One request to another computer, for so long and no longer, and not beyond the end of whoever asks. It sends nothing itself.

/**
 * Runs `ask` with a signal that is aborted after `milliseconds`, or with `ending`. Instead of `AbortSignal.any`: a signal that it
 * makes is held by nobody, and on Node 20 a request whose signal is collected never comes to an end.
 */
export async function patiently<T>(
  milliseconds: number,
  ending: AbortSignal | undefined,
  ask: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  const late = setTimeout(stop, milliseconds);
  ending?.addEventListener('abort', stop, { once: true });
  if (ending?.aborted) stop();
  try {
    return await ask(controller.signal);
  } finally {
    clearTimeout(late);
    ending?.removeEventListener('abort', stop);
  }
}
