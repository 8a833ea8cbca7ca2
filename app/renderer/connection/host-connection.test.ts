// The window's connection and its mirror of the host: reconnecting, refusal, and rows that stay the same objects.
import { expect, test } from 'vitest';
import { WebSocket as Socket } from 'ws';
import { Backoff } from '../../../shared/base/backoff.ts';
import { FakeClock } from '../../../shared/base/clock.ts';
import { disposable } from '../../../shared/base/disposable.ts';
import type { DocEntry } from '../../contract/entities.ts';
import { HostConnection } from './host-connection.ts';
import { HostMirror } from './host-mirror.ts';
import type { PipeListener, Shell } from './shell.ts';

const WORKSPACE = {
  id: 'w',
  title: 'Perigee',
  member: 'm',
  relay: null,
  role: 'owner',
  mine: 'member',
  removedAt: null,
};
const SPACE = {
  id: 's',
  room: 'w/s/s',
  name: 'Everyone',
  purpose: '',
  visibility: 'open',
  archived: false,
  part: 'manager',
  mayWrite: true,
  manages: true,
  until: null,
  outsiders: 0,
  lost: false,
};
const TRUTHS = {
  storage: { state: 'ok' },
  link: { state: 'none' },
  outbox: [],
  outboxIsComplete: true,
  fetching: 0,
  fetched: 0,
};

function page(id: string, title: string): DocEntry {
  const room = `w/s/${id}`;
  return {
    id,
    room,
    kind: 'page',
    title,
    space: 's',
    parent: null,
    order: 'a0',
    archived: false,
    createdBy: null,
    createdAt: 0,
    changedAt: 0,
  };
}

/** A host of a few answers, which the test can take away and bring back. */
class FakeShell implements Shell {
  readonly kind = 'browser';
  readonly rooms: Shell['rooms'] = { url: 'ws://host', Socket: Socket as unknown as typeof WebSocket };
  documents: DocEntry[] = [page('a', 'Alpha'), page('b', 'Beta')];
  listener: PipeListener | null = null;
  dials = 0;

  dial(listener: PipeListener) {
    this.dials += 1;
    this.listener = listener;
    return disposable(() => (this.listener = null));
  }
  open(): void {
    this.listener?.onOpen({ send: (text) => queueMicrotask(() => this.#answer(text)) });
  }
  say(message: unknown): void {
    this.listener?.onText(JSON.stringify(message));
  }
  #answer(text: string): void {
    const { id, call } = JSON.parse(text) as { id: number; call: string };
    const answers: Record<string, unknown> = {
      hello: { version: '1', device: 'd', workspaces: [WORKSPACE] },
      'space.list': [SPACE],
      'doc.list': this.documents,
      'workspace.members': [],
      'workspace.truths': TRUTHS,
      'aside.list': [],
      'favourites.list': [],
    };
    this.say({ id, ok: answers[call] });
  }
}

function connected(): { shell: FakeShell; clock: FakeClock; connection: HostConnection; mirror: HostMirror } {
  const shell = new FakeShell();
  const clock = new FakeClock();
  const backoff = new Backoff({ first: 100, longest: 1_000, random: () => 0 });
  const connection = new HostConnection(shell, { clock, backoff });
  const mirror = new HostMirror(connection);
  connection.start();
  shell.open();
  return { shell, clock, connection, mirror };
}

const read = (mirror: HostMirror): Promise<void> => expect.poll(() => mirror.loaded('w')).toBe(true);

test('[X10] without a host a call says what was kept and what to do', async () => {
  const connection = new HostConnection(new FakeShell(), { clock: new FakeClock() });
  await expect(connection.call('hello', {})).rejects.toMatchObject({ code: 'unreachable' });
});

test('a lost host is dialled again with growing pauses, and everything is read anew', async () => {
  const { shell, clock, connection, mirror } = connected();
  await read(mirror);
  const waiting = connection.call('doctor', {});
  shell.documents = [page('a', 'Alpha'), page('c', 'Gamma')];
  shell.listener?.onEnd({ kind: 'lost', reason: 'gone' });
  await expect(waiting).rejects.toMatchObject({ code: 'unreachable' });
  expect(connection.status.state).toBe('away');
  clock.advance(50);
  expect(shell.dials).toBe(2);
  shell.listener?.onEnd({ kind: 'lost', reason: 'gone' });
  clock.advance(99);
  expect(shell.dials).toBe(2);
  clock.advance(1);
  expect(shell.dials).toBe(3);
  const alpha = mirror.documents('w').get('a');
  shell.open();
  await expect.poll(() => [...mirror.documents('w').keys()]).toEqual(['a', 'c']);
  expect(mirror.documents('w').get('a')).toBe(alpha);
  mirror.dispose();
  connection.dispose();
  expect(clock.pending).toBe(0);
});

test('a window that is refused is not dialled again', () => {
  const { shell, clock, connection } = connected();
  shell.listener?.onEnd({ kind: 'refused', reason: 'No key.' });
  expect(connection.status).toMatchObject({ state: 'refused', reason: 'No key.' });
  expect(clock.pending).toBe(0);
});

test('an announcement changes its own rows; the others stay the same frozen objects', async () => {
  const { shell, mirror } = connected();
  await read(mirror);
  const [alpha, beta] = [...mirror.documents('w').values()];
  let fired = 0;
  mirror.onChange(({ part }) => (fired += part === 'documents' ? 1 : 0));
  shell.say({ event: 'catalogue', workspace: 'w', changed: [page('a', 'Alpha'), page('b', 'Better')], removed: [] });
  expect(fired).toBe(1);
  expect(mirror.documents('w').get('a')).toBe(alpha);
  expect(mirror.documents('w').get('b')).not.toBe(beta);
  expect(Object.isFrozen(mirror.documents('w').get('b'))).toBe(true);
  shell.say({ event: 'catalogue', workspace: 'w', changed: [page('a', 'Alpha')], removed: [] });
  expect(fired).toBe(1);
});
