// What people did to a card, as its board's segments tell it: over a real host in a folder.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { addCard, archiveCard, moveCard, renameCard } from '../../shared/model/board/card-commands.ts';
import { setCardDue, setCardLabel, setCardMember } from '../../shared/model/board/card-details.ts';
import { addChecklist, addItems, checkItem } from '../../shared/model/board/checklist-commands.ts';
import { addLabel } from '../../shared/model/board/definition-commands.ts';
import { readBoard } from '../../shared/model/board/read.ts';
import { HostBench } from '../../tests/support/host.ts';

let bench: HostBench;
beforeEach(() => {
  bench = new HostBench();
});
afterEach(() => bench.dispose());

it('[B9] a card’s activity says who made, moved, renamed, dated and ticked, from the segments, and nothing of other cards', async () => {
  const host = await bench.start(await bench.folder(), { links: false });
  const { id: workspace, member } = await host.call('workspace.create', { title: 'Perigee', name: 'Ana' });
  const [space] = await host.call('space.list', { workspace });
  const place = { workspace, space: space!.id, parent: null } as const;
  const { id: document, room } = await host.call('doc.create', { ...place, kind: 'board', title: 'Launch' });
  const edit = host.parts.documents.edit.bind(host.parts.documents);
  const [next, doing, done] = (await host.parts.documents.read(room, readBoard)).columns.map(({ id }) => id) as [
    string,
    string,
    string,
  ];
  const by = { by: member, at: 1 };
  const card = await edit(room, (doc) =>
    addCard(doc, { title: 'Antenna', column: next, createdBy: member, createdAt: 1 }),
  );
  await edit(room, (doc) => addCard(doc, { title: 'Other', column: done, createdBy: member, createdAt: 1 }));
  await edit(room, (doc) => moveCard(doc, card, { column: doing }, by));
  await edit(room, (doc) => renameCard(doc, card, 'Antenna of the mast'));
  await edit(room, (doc) => setCardDue(doc, card, '2026-05-09'));
  await edit(room, (doc) => setCardDue(doc, card, null));
  const label = await edit(room, (doc) => {
    const made = addLabel(doc, { name: 'radio' });
    setCardLabel(doc, [card], made, true);
    setCardMember(doc, [card], member, true);
    return made;
  });
  const item = await edit(room, (doc) => {
    const list = addChecklist(doc, card, { name: 'Before' });
    return addItems(doc, { card, list }, [{ text: 'tune' }])[0]!;
  });
  await edit(room, (doc) => checkItem(doc, { card, item }, true));
  await edit(room, (doc) => moveCard(doc, card, { column: done }, by));
  await edit(room, (doc) => archiveCard(doc, card, 9));
  const page = await host.call('card.page', { workspace, document, card });
  expect(page.kind).toBe('card');
  const asked = await host.call('card.activity', { workspace, document, card });
  if (asked.state !== 'ready') throw new Error('A short past is there at once.');
  const said = asked.changes.map(({ part, key, value, before }) => [part, key, value, before]);
  expect(said).toContainEqual(['made', '', null, null]);
  for (const wanted of [
    ['column', 'column', doing, next],
    ['column', 'column', done, doing],
    ['title', 'title', null, null],
    ['due', 'due', '2026-05-09', null],
    ['due', 'due', null, '2026-05-09'],
    ['label', `label/${label}`, expect.any(String), null],
    ['member', `member/${member}`, expect.any(String), null],
    ['item', `item/${item}`, 1, null],
    ['checked', `item/${item}`, 1, null],
    ['completed', 'completed', 1, null],
    ['archivedAt', 'archivedAt', 9, null],
  ])
    expect(said).toContainEqual(wanted);
  expect(said.filter(([part]) => part === 'made' || part === 'column')).toHaveLength(3);
  expect(new Set(asked.changes.map((one) => one.member))).toEqual(new Set([member]));
  const times = asked.changes.map(({ at }) => at);
  expect(times).toEqual(times.toSorted((a, b) => b - a));
  expect(times.every((at) => at > 0)).toBe(true);
  expect(asked).toMatchObject({ complete: true });
  expect(await host.call('card.activity', { workspace, document, card: 'nowhere' })).toMatchObject({ changes: [] });
});
