// A page that asks, answered apart on three computers of two people and brought together by a closed relay process: votes, ticks and decisions.
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type * as Y from 'yjs';
import type { Host } from '../../app/host/host.ts';
import { addComment } from '../../shared/model/comments/commands.ts';
import { readComments } from '../../shared/model/comments/read.ts';
import { bodyOf } from '../../shared/model/document/roots.ts';
import { answerBlock, answersTo } from '../../shared/model/page/answers.ts';
import { addChoiceTo, readAskOf, setAskRules } from '../../shared/model/page/ask.ts';
import {
  consultationState,
  decideComment,
  readConsultation,
  readDecisions,
} from '../../shared/model/page/consultation.ts';
import { readDone, setDone } from '../../shared/model/page/done.ts';
import { blockMarker, readBlocks } from '../../shared/model/page/read.ts';
import { tallyOf } from '../../shared/model/thread/poll.ts';
import { AccessTeam } from '../support/access-team.ts';
import { HostBench, until } from '../support/host.ts';
import { bundleRelay, type RelayBundle } from '../support/relay-process.ts';

let bundle: RelayBundle;
let bench: HostBench;
beforeAll(async () => {
  bundle = await bundleRelay();
});
afterAll(() => bundle.dispose());
beforeEach(() => {
  bench = new HostBench();
});
afterEach(() => bench.dispose());

/** The poll of the page: its block's id and its marker. */
function pollOf(doc: Y.Doc): { readonly id: string; readonly marker: Y.Map<unknown> } | null {
  const block = readBlocks(bodyOf(doc)).find((one) => one.type === 'atom' && one.kind === 'poll');
  const marker = block && blockMarker(bodyOf(doc), block.id);
  return block && marker ? { id: block.id, marker } : null;
}

/** What everybody sees of the page: counts by the words of a choice, ticks, decisions. */
function seen(doc: Y.Doc): Record<string, unknown> {
  const poll = pollOf(doc);
  if (!poll) return {};
  const ask = readAskOf(poll.marker).poll;
  const { byChoice, voters, late } = tallyOf(ask, answersTo(doc, poll.id));
  const { comments } = readComments(doc);
  const until = readConsultation(doc)?.until ?? 0;
  return {
    votes: Object.fromEntries(ask.choices.map(({ id, text }) => [text, byChoice.get(id)])),
    voters,
    late,
    done: readDone(doc).map(({ completions }) => completions),
    decided: comments.map(({ id }) => readDecisions(doc).get(id)),
    state: consultationState({ until }, comments, readDecisions(doc), until + 1),
  };
}

it('[P6] [T13] [PG16] [CM7] answered apart on three computers of two people, with clocks hours off: each person counts once, a vote in time counts, both decisions stay, and all see the same', async () => {
  const team = await AccessTeam.make(bench, bundle);
  const { ana, workspace, space } = team;
  const { id: document, room } = await ana.call('doc.fromTemplate', {
    ...{ workspace, space, parent: null },
    template: '~consultation',
    title: 'New rota',
  });
  const bo = await team.join('Bo');
  const { link } = await ana.call('device.invite', { workspace });
  const laptop = await bench.start(await bench.folder());
  const { code } = await laptop.call('device.answer', { link, name: 'laptop' });
  await ana.call('device.add', { workspace, code });
  const hosts: readonly Host[] = [ana, laptop, bo];
  const edit = <T>(host: Host, run: (doc: Y.Doc) => T): Promise<T> => host.parts.documents.edit(room, run);
  const [me, he] = [team.member(ana), team.member(bo)];
  const end = 1_000_000_000;
  const hour = 3_600_000;
  const comment = await edit(ana, (doc) => {
    doc.transact(() => setAskRules(pollOf(doc)!.marker, { until: end }));
    return addComment(doc, { anchor: [], quote: '', post: { author: me, device: 'd', text: 'Too early.', at: 1 } });
  });
  const agree = async (what: string): Promise<Record<string, unknown>> => {
    await until(what, async () => {
      const all = await Promise.all(hosts.map((host) => host.parts.documents.read(room, seen).catch(() => ({}))));
      const [first, ...rest] = all.map((one) => JSON.stringify(one));
      return first !== '{}' && rest.every((one) => one === first);
    });
    return ana.parts.documents.read(room, seen);
  };
  await agree('everybody has the page');
  for (const host of hosts) {
    await until('they have the poll', async () => (await host.call('doc.get', { workspace, document })) !== null);
  }

  await team.relay.end('SIGTERM');
  const offline = async (host: Host): Promise<boolean> =>
    (await host.call('workspace.truths', { workspace })).link.state !== 'online';
  for (const host of hosts) await until('each is alone', () => offline(host));
  const answer = (host: Host, member: string, choice: number, at: number): Promise<void> =>
    edit(host, (doc) => {
      const { id, marker } = pollOf(doc)!;
      answerBlock(doc, id, { member, choices: [readAskOf(marker).poll.choices[choice]!.id], at });
    });
  await answer(ana, me, 0, end - 2 * hour);
  await answer(laptop, me, 0, end);
  await answer(bo, he, 1, end + hour);
  await edit(bo, (doc) => {
    doc.transact(() => addChoiceTo(pollOf(doc)!.marker, 'Later'));
    decideComment(doc, comment, { outcome: 'accepted', reason: 'Yes', by: he, at: 9 });
  });
  await edit(ana, (doc) => decideComment(doc, comment, { outcome: 'declined', reason: 'No', by: me, at: 8 }));
  await team.startRelay();
  const together = await agree('all have met');
  await until('and everything has arrived', async () => {
    const now = await ana.parts.documents.read(room, seen);
    return JSON.stringify(now).includes('Later') && JSON.stringify(now).includes('"No"');
  });
  const met = await agree('all of it everywhere');
  expect(Object.keys(together)).toEqual(Object.keys(met));
  expect(met).toMatchObject({
    votes: { Yes: [me], 'Yes, with changes': [], No: [], Later: [] },
    voters: 1,
    late: [he],
    state: { state: 'ended', accepted: 1, declined: 0, undecided: 0 },
  });
  expect((met['decided'] as { reason: string }[][])[0]?.map(({ reason }) => reason)).toEqual(['No', 'Yes']);

  // A tick of one person on both computers at once is one.
  const training = await ana.call('doc.fromTemplate', {
    ...{ workspace, space, parent: null },
    template: '~training',
    title: 'Ladders',
  });
  const ticks = async (host: Host): Promise<readonly string[]> => {
    const [done] = await host.parts.documents.read(training.room, readDone).catch(() => []);
    return done?.completions.map(({ member }) => member) ?? ['nothing yet'];
  };
  for (const host of hosts) await until('it is there', async () => (await ticks(host)).length === 0);
  const tick = (host: Host, member: string, at: number): Promise<void> =>
    host.parts.documents.edit(training.room, (doc) => setDone(doc, readDone(doc)[0]?.block ?? '', { member, at }));
  await Promise.all([tick(ana, me, 5), tick(laptop, me, 6), tick(bo, he, 4)]);
  for (const host of hosts) await until('who has done it', async () => (await ticks(host)).join() === `${he},${me}`);
}, 90_000);
