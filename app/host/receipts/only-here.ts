// How many documents of a host are on this computer alone: asked of its calls, followed by what it announces. It keeps nothing.
import type { Clock } from '../../../shared/base/clock.ts';
import type { Disposable } from '../../../shared/base/disposable.ts';
import type { Truths } from '../../contract/entities.ts';
import { LEAVING_LIMIT, NOTHING_ONLY_HERE, type OnlyHere } from '../../contract/only-here.ts';
import type { WindowHost } from '../window-host.ts';

type Asked = Pick<WindowHost, 'call' | 'onAnnouncement'>;

/** Tells at once, and whenever it is another number; a host in recovery has nothing that leaves. */
export function followOnlyHere(host: Asked, tell: (now: OnlyHere) => void): Disposable {
  const known = new Map<string, Truths>();
  let told = '';
  const say = (): void => {
    const now = sumOf(known.values());
    const text = JSON.stringify(now);
    if (text === told) return;
    told = text;
    tell(now);
  };
  const hearing = host.onAnnouncement((news) => {
    if (news.event === 'truths') known.set(news.workspace, news.truths);
    else if (news.event === 'workspaces') {
      const ids = new Set(news.workspaces.map(({ id }) => id));
      for (const id of [...known.keys()]) if (!ids.has(id)) known.delete(id);
    } else return;
    say();
  });
  void readAll(host).then((all) => {
    for (const [id, truths] of all) if (!known.has(id)) known.set(id, truths);
    say();
  });
  return hearing;
}

/** As it is when the program is about to end: what is on its way has a moment to leave. */
export async function onlyHereAtEnd(host: Asked, clock: Clock): Promise<OnlyHere> {
  const now = sumOf((await readAll(host)).values());
  if (now.count === 0 || !now.leaving) return now;
  return new Promise((resolve) => {
    let last = now;
    const done = (): void => {
      following.dispose();
      timer.dispose();
      resolve(last);
    };
    const timer = clock.after(LEAVING_LIMIT, done);
    const following = followOnlyHere(host, (next) => {
      last = next;
      if (next.count === 0 || !next.leaving) queueMicrotask(done);
    });
  });
}

async function readAll(host: Asked): Promise<Map<string, Truths>> {
  const all = new Map<string, Truths>();
  try {
    const { workspaces } = await host.call('hello', {});
    for (const { id } of workspaces) all.set(id, await host.call('workspace.truths', { workspace: id }));
  } catch {
    return all; // It is being closed, or is in recovery: nothing is said then.
  }
  return all;
}

function sumOf(all: Iterable<Truths>): OnlyHere {
  let [count, leaving] = [NOTHING_ONLY_HERE.count, NOTHING_ONLY_HERE.leaving];
  for (const { outbox, link } of all) {
    if (link.state === 'none') continue;
    count += outbox.length;
    leaving ||= outbox.length > 0 && link.state === 'online';
  }
  return { count, leaving };
}
