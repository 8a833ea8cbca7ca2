// Calls to a host as its own window makes them, for specs; and what a laptop does that comes home: links are tried at once.
import { expect, type Page } from '@playwright/test';
import type { CallName, CallParams, CallResult } from '../../app/contract/calls.ts';

/** @param page A window that is let in by the host. */
export async function callHost<N extends CallName>(page: Page, name: N, params: CallParams<N>): Promise<CallResult<N>> {
  const answer = await page.evaluate(
    ([call, given]) =>
      new Promise<unknown>((done, failed) => {
        const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/v1/calls`);
        socket.onopen = () => socket.send(JSON.stringify({ id: 1, call, params: given }));
        socket.onmessage = (event: MessageEvent<string>) => {
          const message = JSON.parse(event.data) as { id?: number; ok?: unknown; error?: { message: string } };
          if (message.id !== 1) return;
          socket.close();
          if (message.error) failed(new Error(message.error.message));
          else done(message.ok);
        };
        socket.onerror = () => failed(new Error('no connection'));
      }),
    [name, params] as const,
  );
  return answer as CallResult<N>;
}

/**
 * Resolves once the host of that window is linked to its relay, which is there. Each try that failed before lets a host wait longer for the
 * next, up to 30 s: what a test took while the relay was away would count twice. That it comes back by itself is shown where that is meant.
 */
export async function linkNow(page: Page): Promise<void> {
  const { workspaces } = await callHost(page, 'hello', {});
  const workspace = workspaces[0]!.id;
  await expect
    .poll(async () => {
      const { state } = (await callHost(page, 'workspace.truths', { workspace })).link;
      if (state === 'offline') for (const on of [true, false]) await callHost(page, 'links.rehearse', { on });
      return state;
    })
    .toBe('online');
}
