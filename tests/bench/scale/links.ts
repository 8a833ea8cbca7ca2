// What links cost in a large workspace: reading all documents once, who links to a page, who only says its name, and finding a page by its name.
import { startHost } from '../../../app/host/host.ts';
import { PageFinder } from '../../../app/renderer/window/find-pages.ts';
import { bodyOf } from '../../../shared/model/document/roots.ts';
import { setAliases } from '../../../shared/model/document/aliases.ts';
import type { NewInline } from '../../../shared/model/page/block.ts';
import { appendBlocks } from '../../../shared/model/page/write.ts';

export interface LinkFigures {
  readonly read: number;
  readonly stored: number;
  readonly linked: number;
  readonly backlinks: number;
  readonly first: number;
  readonly nowhere: number;
  readonly everywhere: number;
  readonly firstKey: number;
  readonly slowestKey: number;
}

const LINKING = 500;
const ROUNDS = 20;

/** Of a data folder with one workspace whose pages do not link yet. The host runs in this process. */
export async function measureLinks(dataFolder: string): Promise<LinkFigures> {
  const time = async (work: () => Promise<unknown>): Promise<number> => {
    const began = performance.now();
    await work();
    return performance.now() - began;
  };
  const host = await startHost({ dataFolder, version: '0.0.0-bench', links: false });
  try {
    const { documents, links, store } = host.parts;
    await host.parts.catalogue.settled();
    const read = await time(() => links.settled());
    let stored = 0;
    for await (const [key, value] of store.values.entries('links')) stored += key.length + value.length;
    const [one] = (await host.call('hello', {})).workspaces;
    const workspace = one?.id ?? '';
    const entries = await host.call('doc.list', { workspace });
    const [target, ...others] = entries;
    if (!target) throw new Error('There is no document.');
    const content: NewInline[] = [
      { type: 'text', text: 'As said in ', marks: {} },
      { type: 'page', page: target.id },
      { type: 'text', text: ' and elsewhere', marks: {} },
    ];
    for (const { room } of others.slice(0, LINKING)) {
      await documents.edit(room, (doc) => appendBlocks(bodyOf(doc), [{ type: 'text', kind: 'paragraph', content }]));
    }
    const linked = (await time(() => links.settled())) / LINKING;
    const ask = (): Promise<unknown> => host.call('links.to', { workspace, document: target.id });
    const unlinked = (): Promise<unknown> => host.call('links.unlinked', { workspace, document: target.id });
    const rounds: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) rounds.push(await time(ask));
    const first = await time(unlinked);
    const nowhere = await time(unlinked);
    await documents.edit(target.room, (doc) => setAliases(doc, ['antenna']));
    await host.parts.catalogue.settled();
    const everywhere = await time(unlinked);
    const finder = new PageFinder();
    const keys = ['', 'p', 'pa', 'page 1', 'antena', 'horizon index', 'zzzz', 'kelvni'].map((query) => {
      const began = performance.now();
      finder.find(query, entries, 20);
      return performance.now() - began;
    });
    const backlinks = rounds.sort((a, b) => a - b)[ROUNDS / 2] ?? 0;
    const [, firstKey = 0, ...later] = keys;
    return { read, stored, linked, backlinks, first, nowhere, everywhere, firstKey, slowestKey: Math.max(...later) };
  } finally {
    await host.close();
  }
}
