// What search costs in a large workspace: reading all of it, opening the index again, questions of each kind, and a week's changes. The host runs in this process, the index in its own thread.
import * as Y from 'yjs';
import path from 'node:path';
import { startHost, type Host } from '../../../app/host/host.ts';
import { createDocument } from '../../../shared/model/document/commands.ts';
import { bodyOf } from '../../../shared/model/document/roots.ts';
import type { NewBlock } from '../../../shared/model/page/block.ts';
import { appendBlocks } from '../../../shared/model/page/write.ts';
import { largePageId, makeWorkspaceWith } from '../../support/large-workspace.ts';
import { randomOf } from '../../fuzz/seeded.ts';

const VOCABULARY = 30_000;
const WORDS_A_BLOCK = 40;
const BLOCKS = 7;
const KANJI = [...'会議室予約東京駅図書館天気雨風観測局電波受信記録報告確認日程変更資料送信'];
const ROUNDS = 30;
const WEEK = 400;

/** Words as in a language: few are everywhere, most are rare. */
function wordOf(random: () => number): string {
  const rank = Math.floor(VOCABULARY ** random());
  return (rank * 7_919 + 104_729).toString(36).replace(/\d/g, (digit) => 'aeioubdgmn'[Number(digit)] ?? 'a');
}

/** Pages of some 2 kB of text each, every tenth with Japanese, in a new data folder. Gives the bytes of their updates. */
export async function makeSearchWorkspace(data: string, count: number): Promise<number> {
  const random = randomOf(8);
  let bytes = 0;
  await makeWorkspaceWith(data, (member) =>
    Array.from({ length: count }, (_, at) => {
      const doc = new Y.Doc();
      const title = `Note ${at} ${wordOf(random)} ${wordOf(random)}`;
      createDocument(doc, { kind: 'page', title, createdBy: member, createdAt: 1_700_000_000_000 + at * 60_000 });
      const blocks: NewBlock[] = Array.from({ length: BLOCKS }, (__, block) => {
        const words = Array.from({ length: WORDS_A_BLOCK }, () => wordOf(random)).join(' ');
        const japanese = Array.from({ length: 20 }, () => KANJI[Math.floor(random() * KANJI.length)] ?? '').join('');
        const text = at % 10 === 0 && block === 0 ? `${words} ${japanese}` : words;
        return {
          type: 'text',
          kind: block === 0 ? 'heading' : 'paragraph',
          content: [{ type: 'text', text, marks: {} }],
        };
      });
      doc.transact(() => appendBlocks(bodyOf(doc), blocks));
      const update = Y.encodeStateAsUpdate(doc);
      doc.destroy();
      bytes += update.length;
      return { id: largePageId(at), update };
    }),
  );
  return bytes;
}

export interface SearchFigures {
  readonly read: number;
  readonly words: number;
  readonly disk: number;
  readonly memory: number;
  readonly opened: number;
  readonly week: number;
  readonly weekDisk: number;
  /** By kind of question: the middle and the 95th part of a hundred. */
  readonly asked: Readonly<Record<string, readonly [p50: number, p95: number]>>;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

async function startSearching(
  dataFolder: string,
  root: string,
): Promise<{ readonly host: Host; readonly workspace: string }> {
  const searchThread = path.join(root, 'dist/search.cjs');
  const host = await startHost({ dataFolder, version: '0.0.0-bench', links: false, searchThread });
  const { workspaces } = await host.call('hello', {});
  await host.parts.catalogue.settled();
  return { host, workspace: workspaces[0]?.id ?? '' };
}

/** @param root the project's folder, with what was built. */
export async function measureSearchIndex(dataFolder: string, root: string): Promise<SearchFigures> {
  let { host, workspace } = await startSearching(dataFolder, root);
  const before = process.memoryUsage().rss;
  const read = await timed(() => host.parts.search.settled());
  const memory = process.memoryUsage().rss - before;
  const { words, bytes: disk } = await host.call('search.state', { workspace });
  await host.close();

  ({ host, workspace } = await startSearching(dataFolder, root));
  const find = (query: string): Promise<unknown> => host.call('search.find', { workspace, query });
  const opened = await timed(() => find('note'));
  const random = randomOf(9);
  const word = (): string => wordOf(random);
  const kinds: Readonly<Record<string, () => string>> = {
    'one word': () => `${word()} `,
    'two words': () => `${word()} ${word()} `,
    'a word being typed, of three letters': () => word().slice(0, 3),
    'a slip in a word': () => slip(rare(word)),
    'two neighbours in Japanese': () =>
      `${KANJI[Math.floor(random() * 30)] ?? ''}${KANJI[Math.floor(random() * 30)] ?? ''}`,
    'four of them': () =>
      '会議室予'.slice(0, 2) + (KANJI[Math.floor(random() * 30)] ?? '') + (KANJI[Math.floor(random() * 30)] ?? ''),
    'a phrase': () => `"${word()} ${word()}"`,
    'with conditions': () => `${word()} by:me type:page after:2023-12-01 in:everyone`,
  };
  const asked: Record<string, readonly [number, number]> = {};
  for (const [kind, make] of Object.entries(kinds)) {
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const query = make();
      times.push(await timed(() => find(query)));
    }
    times.sort((a, b) => a - b);
    asked[kind] = [times[Math.floor(ROUNDS / 2)] ?? 0, times[Math.floor(ROUNDS * 0.95)] ?? 0];
  }
  const entries = (await host.call('doc.list', { workspace })).slice(0, WEEK);
  for (const { room } of entries) {
    const content = [{ type: 'text' as const, text: `${word()} ${word()} ${word()} fresh`, marks: {} }];
    await host.parts.documents.edit(room, (doc) =>
      appendBlocks(bodyOf(doc), [{ type: 'text', kind: 'paragraph', content }]),
    );
  }
  const week = await timed(() => host.parts.search.settled());
  const { bytes: weekDisk } = await host.call('search.state', { workspace });
  await host.close();
  return { read, words, disk, memory, opened, week, weekDisk: weekDisk - disk, asked };
}

function rare(word: () => string): string {
  for (let tries = 0; tries < 50; tries += 1) {
    const one = word();
    if (one.length >= 4) return one;
  }
  return 'antenna';
}

function slip(word: string): string {
  return `${word.slice(0, 1)}${word.slice(2, 3)}${word.slice(1, 2)}${word.slice(3)}q `;
}
