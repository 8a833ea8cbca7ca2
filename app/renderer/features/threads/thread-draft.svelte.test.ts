// What is typed and not posted: never written over by what this window has not read, never taken away before a post is kept.
import { expect, test } from 'vitest';
import { FakeClock } from '../../../../shared/base/clock.ts';
import { Emitter } from '../../../../shared/base/emitter.ts';
import type { ConnectionStatus, HostConnection } from '../../connection/host-connection.ts';
import { ThreadDraft } from './thread-draft.svelte.ts';

/** A host that keeps drafts of one device, and can be away. */
class PlayedHost {
  readonly kept = new Map<string, string>();
  readonly status = new Emitter<ConnectionStatus>();
  isAway = false;

  readonly connection = {
    onStatus: this.status.event,
    call: (name: string, params: { place: string; post?: string; text: string }) => {
      if (this.isAway) return Promise.reject(new Error('away'));
      const key = params.post ?? params.place;
      const before = this.kept.get(key) ?? '';
      if (name === 'draft.of')
        return Promise.resolve(before === '' ? [] : [{ device: 'mine', text: before, form: '', at: 1 }]);
      this.kept.set(key, params.text);
      return Promise.resolve({});
    },
  } as unknown as HostConnection;

  comeBack(): void {
    this.isAway = false;
    this.status.fire({ state: 'online', since: 0 });
  }
}

const settled = async (): Promise<void> => {
  for (let at = 0; at < 20; at += 1) await Promise.resolve();
};

function station(stored = '') {
  const host = new PlayedHost();
  const clock = new FakeClock();
  if (stored !== '') host.kept.set('thread', stored);
  const open = (more: { readonly post?: string; readonly initial?: string } = {}): ThreadDraft =>
    new ThreadDraft({
      connection: host.connection,
      clock,
      workspace: 'w',
      place: 'thread',
      device: 'mine',
      ...more,
    });
  return { host, clock, open, stored: () => host.kept.get('thread') ?? '' };
}

test('[T5] what was left here before is not written over by what is typed while the host is away', async () => {
  const { host, clock, open, stored } = station('An hour of words');
  host.isAway = true;
  const draft = open();
  await settled();
  draft.set('More');
  clock.advance(1_000);
  await settled();
  expect([draft.note, stored()]).toEqual(['Not saved yet', 'An hour of words']);
  host.comeBack();
  await settled();
  expect(draft.text).toBe('An hour of words\n\nMore');
  clock.advance(1_000);
  await settled();
  expect([draft.note, stored()]).toEqual(['Draft saved', 'An hour of words\n\nMore']);
  draft.dispose();
});

test('[T5] what is typed while the host is away is kept when it is back, with no other key, and when the thread was left', async () => {
  const { host, clock, open, stored } = station();
  const draft = open();
  await settled();
  host.isAway = true;
  draft.set('Written offline');
  clock.advance(1_000);
  await settled();
  draft.dispose();
  await settled();
  host.comeBack();
  await settled();
  expect(stored()).toBe('Written offline');
  expect([host.status.size, clock.pending]).toEqual([0, 0]);
});

test('[T5] [T6] the words of a post leave the draft when the post is kept, and not before', async () => {
  const { clock, open, stored } = station();
  const draft = open();
  await settled();
  draft.set('To be posted');
  let keep: () => void = () => undefined;
  draft.sent(new Promise((resolve) => (keep = resolve)));
  expect(draft.text).toBe('');
  await settled();
  expect(stored()).toBe('To be posted');
  draft.set('The next one');
  clock.advance(1_000);
  await settled();
  expect([draft.text, stored()]).toEqual(['The next one', 'To be posted\n\nThe next one']);
  keep();
  await settled();
  expect([draft.text, stored()]).toEqual(['The next one', 'The next one']);
  draft.dispose();
});

test('[T5] a post that is being edited begins with its words, and with what was typed there before', async () => {
  const { host, clock, open } = station('Of the thread');
  const first = open({ post: 'post', initial: 'As it is' });
  await settled();
  expect([first.text, host.kept.get('post')]).toEqual(['As it is', undefined]);
  first.set('As it will be');
  clock.advance(1_000);
  await settled();
  first.dispose();
  const second = open({ post: 'post', initial: 'As it is' });
  await settled();
  expect([second.text, host.kept.get('thread')]).toEqual(['As it will be', 'Of the thread']);
  second.discard();
  await settled();
  expect(host.kept.get('post')).toBe('');
  second.dispose();
});
