// The calls about links at a whole host: what may be read, what is listed, what is found without a link.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { setAliases } from '../../../shared/model/document/aliases.ts';
import { bodyOf } from '../../../shared/model/document/roots.ts';
import type { NewInline } from '../../../shared/model/page/block.ts';
import { appendBlocks } from '../../../shared/model/page/write.ts';
import { HostBench } from '../../../tests/support/host.ts';
import type { Host } from '../host.ts';

let bench: HostBench;
let host: Host;
let workspace: string;
let space: string;
beforeEach(async () => {
  bench = new HostBench();
  host = await bench.start(await bench.folder());
  workspace = (await host.call('workspace.create', { title: 'Ops', name: 'Ana' })).id;
  space = (await host.call('space.list', { workspace }))[0]!.id;
});
afterEach(() => bench.dispose());

async function page(title: string, content: readonly NewInline[] = [], place = space): Promise<string> {
  const made = await host.call('doc.create', { workspace, space: place, kind: 'page', title, parent: null });
  await host.parts.documents.edit(made.room, (doc) =>
    appendBlocks(bodyOf(doc), [{ type: 'text', id: 'b', kind: 'paragraph', content }]),
  );
  await host.parts.links.settled();
  return made.id;
}
const words = (text: string): NewInline => ({ type: 'text', text, marks: {} });

it('[W21] lists who links to a page with the line, and who only says its title or another name of it', async () => {
  const plan = await page('Winter plan', [words('Winter plan itself')]);
  const linking = await page('Notes', [words('See '), { type: 'page', page: plan }, words(' today')]);
  const saying = await page('Diary', [words('The WINTER PLAN is late; winter plans are. 冬の計画です')]);
  await page('Other', [words('A plan for winter')]);
  const linked = await host.call('links.to', { workspace, document: plan });
  expect(linked).toEqual({
    documents: [
      {
        document: linking,
        more: 0,
        passages: [
          {
            block: 'b',
            anchor: '',
            line: [
              { type: 'text', text: 'See ' },
              { type: 'page', page: plan, here: true },
              { type: 'text', text: ' today' },
            ],
          },
        ],
      },
    ],
    more: 0,
    waiting: 0,
  });
  const found = await host.call('links.unlinked', { workspace, document: plan });
  expect(found.complete).toBe(true);
  expect(found.documents.map((one) => [one.document, one.passages.map((passage) => passage.words)])).toEqual([
    [saying, ['WINTER PLAN']],
  ]);
  await host.parts.documents.edit(`${workspace}/${space}/${plan}`, (doc) => setAliases(doc, ['冬の計画', 'x']));
  await host.parts.catalogue.settled();
  const renamed = await host.call('links.unlinked', { workspace, document: plan });
  expect(renamed.documents[0]?.passages.map((passage) => passage.words)).toEqual(['WINTER PLAN', '冬の計画']);
});

it('[W21] archived, purged and moved documents are listed where they are, once, or not at all', async () => {
  const plan = await page('Winter plan');
  const link: NewInline[] = [{ type: 'page', page: plan }, words(' and Winter plan')];
  const [archived, purged, moved] = [await page('A', link), await page('B', link), await page('C', link)];
  const other = await host.call('space.create', { workspace, name: 'Other' });
  await host.call('doc.archive', { workspace, document: archived });
  await host.call('doc.purge', { workspace, document: purged });
  await host.call('doc.transfer', { workspace, document: moved, space: other.id });
  await host.parts.links.settled();
  const linked = await host.call('links.to', { workspace, document: plan });
  expect(linked.documents.map((one) => one.document)).toEqual([moved]);
  const found = await host.call('links.unlinked', { workspace, document: plan });
  expect(found.documents.map((one) => one.document)).toEqual([moved]);
  const stored: string[] = [];
  for await (const [key] of host.parts.store.values.entries('links')) stored.push(key);
  expect(stored.filter((key) => key.includes(purged))).toEqual([]);
});
