// The calls behind the page of what came while this computer was away. What is done is written into a document of mine that no other member can read.
import { markDigestDone, unmarkDigestDone } from '../../../shared/model/personal/digest-done.ts';
import type { Digest, ListedItem } from '../../contract/digest.ts';
import type { CallHandlers, HostParts } from '../call-handlers.ts';
import { digestMarkdown } from '../digest/digest-markdown.ts';
import { clocksAhead, countOf, sectionsOf } from '../digest/sections.ts';
import { editMine } from './thread-calls.ts';

/** Of past ones the one that is not past: with all that is done of it. */
const NEWEST = 'newest';

function readDigest(host: HostParts, id: string, past: string | undefined, most?: number): Digest {
  const { digests, clock } = host;
  const workspace = host.workspaces.get(id);
  const spans = digests.spans(id);
  const [first, last] = [spans[0], spans.at(-1)];
  const whole = first && last ? { from: first.from, to: last.to } : null;
  const earlier = past === undefined ? undefined : digests.past(id).find((one) => one.id === past);
  const isNow = past === undefined || past === NEWEST;
  const span = isNow ? whole : (earlier ?? null);
  const landed = (isNow ? digests.landed(id) : earlier?.landed) ?? clock.now();
  const items: readonly ListedItem[] = isNow
    ? digests.items(id, past === NEWEST)
    : digests.here(id, earlier?.items ?? []).map((item) => ({ ...item, seen: true }));
  const open = isNow && spans.length > 0 && digests.landed(id) === null;
  const truths = open ? workspace.truths() : null;
  const me = workspace.about.member;
  const sections = sectionsOf(items, landed, most);
  return {
    span: span && { from: span.from, to: span.to },
    absences: isNow ? spans.length : 1,
    open,
    waiting: {
      documents: (truths?.fetching ?? 0) + (isNow ? digests.waiting(id) : 0),
      attachments: workspace.truths().attachments.missing,
    },
    people: [...new Set(items.flatMap(({ by }) => by))].filter((member) => member !== me),
    clocks: clocksAhead(items, landed),
    sections,
    count: countOf(items),
    past: [
      ...(whole && digests.items(id, true).length > digests.items(id, false).length ? [{ id: NEWEST, ...whole }] : []),
      ...digests.past(id).map((one) => ({ id: one.id, from: one.from, to: one.to })),
    ],
  };
}

export const digestCalls = {
  async 'digest.read'(host, { workspace, past }) {
    return readDigest(host, workspace, past);
  },
  async 'digest.count'(host, { workspace }) {
    host.workspaces.get(workspace);
    return { count: host.digests.count(workspace) };
  },
  async 'digest.done'(host, { workspace, keys, done }) {
    host.workspaces.get(workspace);
    const wanted = keys && new Set(keys);
    const things = host.digests.items(workspace, !done).filter(({ key }) => !wanted || wanted.has(key));
    const told = [...new Set(things.map(({ key }) => key))];
    if (told.length === 0) return { keys: [] };
    await editMine(host, workspace, 'digest', (doc) => {
      if (done) markDigestDone(doc, things, host.clock.now());
      else unmarkDigestDone(doc, told);
    });
    await host.digests.refresh(workspace);
    return { keys: told };
  },
  async 'digest.markdown'(host, { workspace, past }) {
    const read = readDigest(host, workspace, past, Infinity);
    return digestMarkdown(workspace, read, host.workspaces.get(workspace));
  },
} satisfies Partial<CallHandlers>;
