// Pages as a hostile peer writes them: bait in every place that a reader looks at, of the right and of wrong types, and much of it.
import * as Y from 'yjs';
import type { Bait } from './peer.ts';

/** Ids that may stand in rooms and keys. */
let made = 0;
export const anId = (): string => `hostile-${String((made += 1)).padStart(14, '0')}`;

export interface HostilePage {
  readonly bait: Bait;
  /** Who is said to have written it. */
  readonly member: string;
  /** Another page that it leads to. */
  readonly to: string;
}

export function writePage(doc: Y.Doc, title: string, member: string): void {
  doc.getText('title').insert(0, title);
  for (const [key, value] of Object.entries({ kind: 'page', createdBy: member, createdAt: 1, order: 'a0' })) {
    doc.getMap('meta').set(key, value);
  }
}

function marker(entries: Record<string, unknown>): Y.Map<unknown> {
  return new Y.Map(Object.entries(entries));
}

/** A block with words behind its marker. */
export function block(body: Y.Text, entries: Record<string, unknown>, words = ''): void {
  body.insertEmbed(body.length, marker({ id: anId(), kind: 'paragraph', ...entries }), {});
  if (words !== '') body.insert(body.length, words, {});
}

/** Bait in title, properties, text, marks, embeds, every kind of block, and unknown ones. */
export function writeHostilePage(doc: Y.Doc, { bait, member, to }: HostilePage): void {
  writePage(doc, bait.long('title'), member);
  const meta = doc.getMap('meta');
  for (const key of ['status', 'owner', 'reviewBy', 'archivedBy', 'icon', 'cover']) meta.set(key, bait.short(key));
  meta.set('aliases', [bait.name('alias')]);
  meta.set(`tag/${bait.short('tag').toLowerCase()}`, bait.short('tag'));
  meta.set(
    'frontMatter',
    `evil: !!js/function 'function () { run() }'\nhtml: "${bait.short('front').replaceAll('"', '')}"`,
  );
  meta.set('source', { path: bait.name('path'), hash: 7, page: null });

  const body = doc.getText('body');
  block(body, { id: bait.short('id'), style: bait.long('style'), class: bait.short('class') }, bait.long('text'));
  for (const [at, link] of bait.links().entries()) {
    block(body, {});
    body.insert(body.length, `unsafe ${at}`, { link });
  }
  block(body, {});
  body.insert(body.length, 'styled', {
    style: `background:url(${bait.short('a')})`,
    color: bait.long('color'),
    class: bait.short('c'),
    bold: bait.short('bold'),
    onclick: 'run()',
    html: bait.long('html'),
    link: { href: bait.short('object') },
  });
  for (const kind of ['heading', 'bullet', 'ordered', 'check', 'toggle', 'callout', 'quote', 'raw']) {
    block(body, { kind, level: bait.short('level'), checked: bait.short('checked') }, bait.long(kind));
  }
  block(body, { kind: 'code', language: bait.short('language') }, `${bait.long('code')}\n<script>run()</script>`);
  for (let depth = 0; depth < 60; depth += 1) block(body, { kind: 'quote', indent: depth * 1_000 }, bait.name('quote'));

  block(body, {});
  for (const embed of [
    { type: 'mention', member },
    { type: 'mention', member: bait.name('member') },
    { type: 'page', page: to },
    { type: 'page', page: to, block: bait.name('block') },
    { type: 'page', page: bait.name('page') },
    { type: 'date', date: bait.name('date') },
    { type: 'html', html: bait.long('embed'), src: bait.short('src') },
  ]) {
    body.insertEmbed(body.length, embed, {});
  }
  const blob = 'a'.repeat(64);
  block(body, { kind: 'image', blob, name: bait.name('image'), alt: bait.long('alt'), mime: 'image/svg+xml', size: 9 });
  block(body, { kind: 'image', blob: bait.name('blob'), src: bait.short('remote'), width: 'url(x)', pixels: [1, {}] });
  block(body, { kind: 'file', blob, name: bait.name('file'), mime: 'text/html', size: -1 });
  block(body, { kind: 'html', html: bait.long('unknown'), text: bait.long('unknown') }, bait.long('unknown'));
  block(body, { kind: bait.long('kind') }, 'A kind with a name of its own');
  askingBlocks(doc, bait, to);
  hugeTable(body, bait);
  block(body, {}, 'The last words of the page');
}

/** Polls, ticks and threads with bait in what they ask, in who answered, and in a consultation. */
function askingBlocks(doc: Y.Doc, bait: Bait, to: string): void {
  const body = doc.getText('body');
  for (const kind of ['poll', 'done']) {
    const [id, asking, choices] = [anId(), marker({}), marker({})];
    body.insertEmbed(body.length, asking, {});
    for (const [key, value] of Object.entries({ id, kind, choices, text: new Y.Text(bait.long('question')) })) {
      asking.set(key, value);
    }
    for (const [key, value] of Object.entries({ until: bait.short('until'), anonymous: bait.short('anonymous') })) {
      asking.set(key, value);
    }
    for (let at = 0; at < 60; at += 1) choices.set(anId(), marker({ text: bait.name('choice'), order: 'a0' }));
    doc.getMap('answers').set(`${id}/${anId()}`, { choices: [...choices.keys()], at: 1 });
    doc.getMap('answers').set(`${id}/${bait.name('voter')}`, { choices: [bait.short('voted')], at: bait.short('at') });
  }
  for (const thread of [to, anId(), bait.name('thread')]) block(body, { kind: 'thread', thread });
  doc.getMap('meta').set('consultation', { until: 5, by: bait.name('asker'), at: bait.short('asked') });
}

/** More than is drawn, with bait in what it is made of and in some cells. */
function hugeTable(body: Y.Text, bait: Bait): void {
  const table = marker({ id: anId(), kind: 'table', header: bait.short('header') });
  body.insertEmbed(body.length, table, {});
  const [columns, rows, cells] = [new Y.Map<unknown>(), new Y.Map<unknown>(), new Y.Map<unknown>()];
  for (const [name, part] of Object.entries({ columns, rows, cells })) table.set(name, part);
  const ids = (count: number): string[] => Array.from({ length: count }, anId);
  const [across, down] = [ids(120), ids(60)];
  for (const id of across) columns.set(id, marker({ order: 'a0', width: 'url(x)', align: bait.short('align') }));
  for (const id of down) rows.set(id, marker({ order: 'a0' }));
  for (const row of down.slice(0, 3)) {
    for (const column of across.slice(0, 20)) {
      const cell = new Y.Text();
      cell.insert(0, bait.name('cell'), { link: bait.links()[0], style: bait.short('cellstyle') });
      cells.set(`${row}/${column}/${anId()}`, cell);
    }
  }
  cells.set(bait.name('key'), new Y.Text(bait.long('key')));
}

/** Comments on the last words: author, quotation, text and reactions are bait. */
export function writeHostileComments(doc: Y.Doc, bait: Bait, authors: readonly string[]): void {
  const body = doc.getText('body');
  const at = (index: number): unknown =>
    JSON.parse(JSON.stringify(Y.createRelativePositionFromTypeIndex(body, index))) as unknown;
  for (const [number, author] of authors.entries()) {
    const [id, post] = [anId(), anId()];
    const text = number === 0 ? bait.markdown('comment') : bait.deep('comment');
    const versions = marker({ [anId()]: { text, at: 1, number: 1 } });
    const posts = marker({});
    const reactions = marker({ [`${post}/${author}/${bait.short('emoji')}`]: true });
    const decision = { outcome: 'declined', reason: bait.long('reason'), by: bait.name('decider'), at: 2, number: 1 };
    doc.getMap('decisions').set(`${id}/${anId()}`, decision);
    doc.getMap('comments').set(
      id,
      marker({
        anchor: [
          [at(body.length - 10), at(body.length)],
          [bait.long('anchor'), { style: bait.short('x') }],
        ],
        quote: bait.long('quoted'),
        posts,
        reactions,
      }),
    );
    posts.set(
      post,
      marker({ author, device: bait.short('device'), number: 1, after: [bait.name('after')], at: 1, versions }),
    );
  }
  doc.getMap('comments').set(bait.long('commentid'), bait.long('commentid'));
}
