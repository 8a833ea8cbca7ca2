// Search over a real host: what is found, how it is asked, and that the index is the same however it came about.
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { addCard } from '../../../shared/model/board/card-commands.ts';
import { readBoard } from '../../../shared/model/board/read.ts';
import { createDocument } from '../../../shared/model/document/commands.ts';
import { bodyOf, metaOf } from '../../../shared/model/document/roots.ts';
import type { NewBlock } from '../../../shared/model/page/block.ts';
import { appendBlocks } from '../../../shared/model/page/write.ts';
import { endedJob, HostBench } from '../../../tests/support/host.ts';
import type { SearchHit, SearchResult } from '../../contract/search.ts';
import type { Host } from '../host.ts';

let bench: HostBench;
let folder: string;
let host: Host;
let workspace: string;
let space: string;
let me: string;

beforeEach(async () => {
  bench = new HostBench();
  folder = await bench.folder();
  host = await bench.start(folder, { links: false });
  ({ id: workspace, member: me } = await host.call('workspace.create', { title: 'Perigee', name: 'Mira Øst' }));
  space = (await host.call('space.list', { workspace }))[0]?.id ?? '';
});
afterEach(() => bench.dispose());

function text(words: string, id?: string, kind: 'paragraph' | 'heading' = 'paragraph'): NewBlock {
  return { type: 'text', kind, content: [{ type: 'text', text: words, marks: {} }], ...(id ? { id } : {}) };
}

async function page(title: string, blocks: readonly NewBlock[] = [], parent: string | null = null): Promise<string> {
  const { id, room } = await host.call('doc.create', { workspace, space, kind: 'page', title, parent });
  await host.parts.documents.edit(room, (doc) => appendBlocks(bodyOf(doc), [...blocks]));
  return id;
}

async function find(query: string): Promise<SearchResult> {
  await host.parts.catalogue.settled();
  await host.parts.search.settled();
  return host.call('search.find', { workspace, query });
}

const AT = { card: '', block: '', comment: '', post: '' };
const titles = ({ hits }: SearchResult): string[] => hits.map(({ title }) => title.text);
const marked = ({ text: words, marks }: { text: string; marks: [number, number][] }): string[] =>
  marks.map(([from, to]) => words.slice(from, to));
const first = (result: SearchResult): SearchHit => {
  const [hit] = result.hits;
  if (!hit) throw new Error('Nothing was found.');
  return hit;
};

test('[X2] all words must be there, the last may be begun, letters fold, a slip is forgiven, and each opens where it stands', async () => {
  const dish = await page('Dish alignment', [
    text('Measure the Ångström drift of the rotator, then write it down.', 'b1'),
    text('Straße nach Łódź; œuvre; café', 'b2'),
  ]);
  await page('Antenna log', [text('The rotator was greased.', 'b3')]);
  const both = await find('rotator drift');
  expect(titles(both)).toEqual(['Dish alignment']);
  const [passage] = first(both).passages;
  expect(passage?.open).toEqual({ ...AT, document: dish, block: 'b1' });
  expect(marked(passage ?? { text: '', marks: [] })).toEqual(['drift', 'rotator']);
  expect(titles(await find('rota'))).toEqual(expect.arrayContaining(['Dish alignment', 'Antenna log']));
  expect(titles(await find('rota '))).toEqual([]);
  for (const query of ['angstrom', 'ÅNGSTRÖM', 'strasse', 'lodz', 'oeuvre', 'cafe']) {
    expect([query, titles(await find(query))]).toEqual([query, ['Dish alignment']]);
  }
  const slip = await find('aligment');
  expect([titles(slip), slip.similar]).toEqual([['Dish alignment'], ['alignment']]);
  // The title counts more than the text.
  expect(titles(await find('antenna'))).toEqual(['Antenna log']);
});

test('[X2] Chinese, Japanese, Korean and Thai are found inside of their runs, and Arabic and Hebrew with and without their points', async () => {
  await page('会議室の予約について', [text('明日の東京タワー見学は中止になりました。', 'ja')]);
  await page('北京大学图书馆', [text('我们在图书馆见面', 'zh')]);
  await page('서울에서 만나요', [text('안테나를 고쳤습니다', 'ko')]);
  await page('เสาอากาศ', [text('วัดสัญญาณรบกวน', 'th')]);
  await page('مُحَاضَرَة', [text('הַמַּחְשֵׁב נמצא כאן', 'he')]);
  const one = async (query: string): Promise<string[]> => titles(await find(query));
  expect(await one('会議')).toEqual(['会議室の予約について']);
  expect(await one('東京タワー')).toEqual(['会議室の予約について']);
  expect(await one('タワー東京')).toEqual([]);
  expect(await one('図')).toEqual([]);
  expect(await one('图书')).toEqual(['北京大学图书馆']);
  expect(await one('馆见')).toEqual(['北京大学图书馆']);
  expect(await one('안테나')).toEqual(['서울에서 만나요']);
  expect(await one('สัญญาณ')).toEqual(['เสาอากาศ']);
  expect(await one('محاضرة')).toEqual(['مُحَاضَرَة']);
  expect(await one('המחשב')).toEqual(['مُحَاضَرَة']);
});

test('[X2] phrases, -not and every operator; what is not understood is said', async () => {
  const manual = await page('Station manual');
  await page('Feed horn', [text('noise floor of the feed', 'n1'), text('the floor has noise', 'n2')], manual);
  await page('Old notes', [text('floor noise noise', 'n3')]);
  const { room } = await host.call('doc.create', { workspace, space, kind: 'page', title: 'With tag', parent: null });
  await host.parts.documents.edit(room, (doc) => metaOf(doc).set('tag/rf', 'RF'));
  const ask = { workspace, space, type: 'question' as const, title: 'Which antenna?', text: 'For the coast **site**' };
  const thread = await host.call('thread.begin', ask);
  expect(titles(await find('"noise floor"'))).toEqual(['Feed horn']);
  expect(titles(await find('noise -feed'))).toEqual(['Old notes']);
  expect(titles(await find('in:"station manual" noise'))).toEqual(['Feed horn']);
  expect(titles(await find('-in:"station manual" noise'))).toEqual(['Old notes']);
  expect(titles(await find('in:everyone antenna'))).toEqual(['Which antenna?']);
  expect(titles(await find('tag:rf'))).toEqual(['With tag']);
  expect(titles(await find('type:question'))).toEqual(['Which antenna?']);
  expect(titles(await find('is:unanswered'))).toEqual(['Which antenna?']);
  expect(titles(await find('is:answered'))).toEqual([]);
  expect(titles(await find('by:mira site'))).toEqual(['Which antenna?']);
  expect(titles(await find('by:me type:post'))).toEqual(['Which antenna?']);
  expect(titles(await find('ost'))).toEqual(['Mira Øst']);
  expect(titles(await find('before:2001 noise'))).toEqual([]);
  expect(titles(await find('after:today noise type:page'))).toEqual([]);
  expect(titles(await find('after:yesterday -after:today noise type:page')).length).toBe(2);
  const [passage] = first(await find('coast')).passages;
  expect([passage?.kind, passage?.text, passage?.by]).toEqual(['post', 'For the coast site', me]);
  expect(passage?.open.document).toBe(thread.id);
  expect(passage?.open.post).not.toBe('');
  const wrong = await find('color:red by:zoe noise');
  expect(wrong.hits).toEqual([]);
  expect(wrong.problems.map(({ message }) => message)).toEqual([
    expect.stringContaining('“color:” is no condition (these are: in: by:'),
    'Nobody here is called “zoe”.',
  ]);
});

test('[X2] cards by their faces and by what they hold; files by their names; archived ones only when asked for', async () => {
  const board = await host.call('doc.create', {
    workspace,
    space,
    kind: 'board',
    title: 'Antenna build',
    parent: null,
  });
  expect(await cardOn(board.room, 'card1', 'Measure noise floor')).toBe('card1');
  const own = await host.call('card.page', { workspace, document: board.id, card: 'card1' });
  await host.parts.documents.edit(own.room, (doc) =>
    appendBlocks(bodyOf(doc), [
      text('with the cryogenic amplifier', 'c1'),
      {
        type: 'atom',
        id: 'f1',
        kind: 'file',
        props: { blob: 'a'.repeat(64), name: 'feed-horn-antenna.step', mime: '', size: 2_100_000 },
      },
    ]),
  );
  // The words of the face and those of the description are one thing's.
  const both = first(await find('noise cryogenic'));
  expect([both.kind, both.open, both.settled]).toEqual(['card', { ...AT, document: board.id, card: 'card1' }, false]);
  const file = first(await find('type:file horn'));
  expect([file.kind, file.title.text, file.size, file.open]).toEqual([
    'file',
    'feed-horn-antenna.step',
    2_100_000,
    { ...AT, document: board.id, card: 'card1', block: 'f1' },
  ]);
  expect(titles(await find('has:file'))).toEqual(expect.arrayContaining(['Measure noise floor']));
  const away = await page('Put away', [text('cryogenic history', 'x')]);
  await host.call('doc.archive', { workspace, document: away });
  expect(titles(await find('cryogenic'))).toEqual(['Measure noise floor']);
  expect(titles(await find('cryogenic is:archived'))).toEqual(['Put away']);
});

/** In the first column; gives its id. */
async function cardOn(room: string, id: string, title: string): Promise<string> {
  return host.parts.documents.edit(room, (doc) => {
    const column = readBoard(doc).columns[0]?.id ?? '';
    return addCard(doc, { id, title, column, createdBy: me, createdAt: host.parts.clock.now() });
  });
}

test('[SE4] a start reads no text again, a torn end is cut off, and a damaged or older index is made again', async () => {
  for (let at = 0; at < 12; at += 1) await page(`Page ${at}`, [text(`word${at} common`, `b${at}`)]);
  expect((await find('common')).total).toBe(12);
  const root = path.join(folder, 'search', 'a');
  const restart = async (): Promise<void> => {
    await bench.stop(host);
    host = await bench.start(folder, { links: false });
  };
  await restart();
  const loads: string[] = [];
  const load = host.parts.store.load.bind(host.parts.store);
  host.parts.store.load = (room) => {
    // The name of this computer may come into the profile at any time.
    if (room.includes(`/${space}/`)) loads.push(room);
    return load(room);
  };
  expect((await find('common word7')).total).toBe(1);
  expect(loads).toEqual([]);
  await bench.stop(host);
  const [log = ''] = (await readdir(root)).filter((name) => name.endsWith('.log'));
  const bytes = await readFile(path.join(root, log));
  await writeFile(path.join(root, log), Buffer.concat([bytes, Buffer.from('torn')]));
  host = await bench.start(folder, { links: false });
  expect((await find('common')).total).toBe(12);
  await bench.stop(host);
  for (const name of await readdir(root)) {
    const whole = await readFile(path.join(root, name));
    whole[Math.floor(whole.length / 2)] = (whole[Math.floor(whole.length / 2)] ?? 0) ^ 0x55;
    await writeFile(path.join(root, name), whole);
  }
  host = await bench.start(folder, { links: false });
  expect((await find('common')).total).toBe(12);
  await bench.stop(host);
  await rm(path.join(folder, 'search'), { recursive: true });
  host = await bench.start(folder, { links: false });
  expect((await find('common')).total).toBe(12);
});

test('[SE3] what is in the trash, was moved away or purged is not in the index, and its words are not on the disk', async () => {
  const secret = await page('Xylophone plan', [text('zanzibar zanzibar', 'z')]);
  const kept = await page('Kept', [text('zanzibar', 'k')]);
  expect((await find('zanzibar')).total).toBe(2);
  await host.call('doc.trash', { workspace, document: kept });
  expect(titles(await find('zanzibar'))).toEqual(['Xylophone plan']);
  await host.call('doc.purge', { workspace, document: secret });
  expect(titles(await find('zanzibar'))).toEqual([]);
  await bench.stop(host);
  const { IndexEngine } = await import('./index-engine.ts');
  const engine = IndexEngine.open(path.join(folder, 'search', 'a'));
  expect(engine.postings.id('xylophone')).toBeNull();
  expect(engine.table.dead).toBe(0);
  engine.close();
});

test('[X9] the index is made anew beside the one that answers, and a cancelled one leaves that as it is', async () => {
  for (let at = 0; at < 12; at += 1) await page(`Page ${at}`, [text('common', `b${at}`)]);
  expect((await find('common')).total).toBe(12);
  const { job } = await host.call('search.rebuild', { workspace });
  expect((await endedJob(host, job)).status.state).toBe('done');
  expect(await readdir(path.join(folder, 'search'))).toEqual(expect.arrayContaining(['b', 'current']));
  expect((await find('common')).total).toBe(12);
  const again = await host.call('search.rebuild', { workspace });
  await host.call('job.cancel', { job: again.job });
  expect((await endedJob(host, again.job)).status.state).toBe('cancelled');
  expect((await find('common')).total).toBe(12);
  expect(await readdir(path.join(folder, 'search'))).not.toContain('a');
});

test('[SE2] hostile documents are found by nobody and hold up nobody', async () => {
  await page('Good', [text('fine words', 'g')]);
  await host.parts.documents.edit(`${workspace}/${space}/junkjunkjunkjunk`, (doc) => {
    createDocument(doc, { kind: 'page', title: '\ud800 half', createdBy: me, createdAt: 1 });
    appendBlocks(bodyOf(doc), [text('x'.repeat(300_000), 'j'), text('\u202e\u0000control', 'k')]);
    metaOf(doc).set('tag/', 5);
  });
  await host.parts.documents.edit(`${workspace}/${space}/unknown0unknown0`, (doc) =>
    metaOf(doc).set('kind', 'hologram'),
  );
  expect(titles(await find('fine'))).toEqual(['Good']);
  expect(titles(await find('half'))).toHaveLength(1);
  expect((await find('control')).total).toBe(1);
});
