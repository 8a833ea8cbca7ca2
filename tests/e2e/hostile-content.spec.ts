// What a hostile peer writes past every input of ours is words in every place that shows it: a server that it names is never called.
// The window runs without its content security policy: what is shown here has to be inert by itself, and the policy stands behind it.
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import { active } from './hostile/inert.ts';
import { anId, block, writeHostileComments, writeHostilePage, writePage } from './hostile/pages.ts';
import { Bait, HostilePeer } from './hostile/peer.ts';
import { caravan, Folders, startRelay, type Program } from './journey/programs.ts';
import { Person } from './journey/person.ts';

const folders = new Folders();
let relay: Program | null = null;
let peer: HostilePeer | null = null;
let ana: Person | null = null;
test.afterEach(async () => {
  peer?.leave();
  await ana?.quit();
  await relay?.stop();
  [peer, ana, relay] = [null, null, null];
  await folders.remove();
});

/** What would run or fetch in another program that is given the page by copying it. */
const activeInCopy = (page: Page): Promise<string[]> =>
  page.getByRole('textbox', { name: 'Page text' }).evaluate((text) => {
    getSelection()!.selectAllChildren(text);
    const clipboardData = new DataTransfer();
    text.dispatchEvent(new ClipboardEvent('copy', { clipboardData, bubbles: true, cancelable: true }));
    const { body } = new DOMParser().parseFromString(clipboardData.getData('text/html'), 'text/html');
    const marks = 'script, style, svg, iframe, img, object, form, link, base, a:not([href^="http"], [href^="page:"])';
    return body.textContent.includes('<script')
      ? [...body.querySelectorAll(`${marks}, [onload], [onerror], [style]`)].map(({ outerHTML }) => outerHTML)
      : ['nothing was copied'];
  });

/** What in a Markdown file would run or fetch where it is shown: HTML, and addresses of other schemes than a page needs. */
function activeIn(markdown: string): string[] {
  const found: string[] = [];
  const waiting: object[] = [
    unified()
      .use(remarkParse)
      .use(remarkGfm)
      .parse(markdown.replace(/^---\n.*?\n---\n/s, '')),
  ];
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    const {
      type,
      value = '',
      url,
      children = [],
    } = node as Record<'type' | 'value' | 'url', string> & { children?: object[] };
    if (type === 'html' && !/^(<\/?mark>|<br>|<!-- -->)$/.test(value)) found.push(value.slice(0, 80));
    if (url !== undefined && /^\W*(javascript|vbscript|data)\s*:/i.test(url)) found.push(url.slice(0, 80));
    if (type === 'image' && /^(https?:)?\/\//.test(url)) found.push(url.slice(0, 80));
    waiting.push(...children);
  }
  return found;
}

test('[W6] [W17] [W21] [W24] [I2] what a hostile peer wrote is inert in tree, editor, preview, links, comments, history, palette, people, print and export', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const called: string[] = [];
  const canary = createServer((request, response) => {
    called.push(request.url ?? '');
    response.end();
  });
  await new Promise<void>((done) => canary.listen(0, '127.0.0.1', done));
  const bait = new Bait(`http://127.0.0.1:${String((canary.address() as AddressInfo).port)}`);

  relay = await startRelay(await folders.make('relay'), 0);
  const data = await folders.make('ana');
  const { id: workspace } = (await caravan(data, 'init', '--name', 'Ana', '--workspace', 'Perigee')) as { id: string };
  await caravan(data, 'relay', 'attach', relay.url);
  const { link } = (await caravan(data, 'invite')) as { link: string };
  const joined = await caravan(await folders.make('bo'), 'join', link, '--name', 'Bo');
  const { member: bo } = joined as { member: string };
  const [space] = (await caravan(data, 'space', 'list')) as { id: string }[];

  const [evil, plain] = [anId(), anId()];
  const room = (document: string): string => `${workspace}/${space!.id}/${document}`;
  peer = new HostilePeer(relay.url);
  const provider = await peer.write(room(evil), (doc) => {
    writeHostilePage(doc, { bait, member: bo, to: plain });
    writeHostileComments(doc, bait, [bo, bait.name('author')]);
  });
  await peer.write(room(plain), (doc) => {
    writePage(doc, 'Harmless', bo);
    const body = doc.getText('body');
    block(body, {}, 'Goes to ');
    body.insertEmbed(body.length, { type: 'page', page: evil });
    body.insert(body.length, ' and is by ');
    body.insertEmbed(body.length, { type: 'mention', member: bo });
  });
  await peer.write(`${workspace}/@${bo}/profile`, (doc) => {
    doc.getMap('meta').set('kind', 'profile');
    doc.getText('title').insert(0, bait.name('person'));
  });
  await peer.write(room(space!.id), (doc) => {
    doc.getText('title').insert(0, bait.name('space'));
    doc.getMap('meta').set('purpose', bait.name('purpose'));
  });

  ana = new Person('Ana', data, browser);
  await ana.start({ bypassCSP: true });
  const { window: page } = ana;
  page.setDefaultTimeout(10_000);
  const home = page.url().split('#')[0]!;
  page.on('request', (request) => {
    if (/^https?:/.test(request.url()) && !request.url().startsWith(new URL(home).origin)) called.push(request.url());
  });
  page.on('dialog', (dialog) => void dialog.dismiss().then(() => called.push('dialog')));
  page.on('pageerror', (error) => called.push(`pageerror ${error.message}`));
  page.context().on('page', () => called.push('another window'));
  const inert = async (): Promise<void> => {
    expect(await active(page)).toEqual([]);
    expect(called).toEqual([]);
    expect(page.url().startsWith(home)).toBe(true);
  };

  await test.step('tree and editor', async () => {
    const row = page.getByRole('treeitem', { name: '<svg onload=' });
    await row.click();
    await expect(ana!.title).toHaveValue(/<svg onload=/);
    await expect(ana!.text).toContainText('<script src=');
    await expect(ana!.text).toContainText('The last words of the page');
    await expect(ana!.text.locator('[data-embed="mention"]').first()).toContainText('"><svg onload=');
    // A caret and a selection with a name.
    provider.awareness.setLocalState({
      user: { member: bait.long('presence'), name: bait.long('presence'), color: `url(${bait.short('hue')})` },
      cursor: { anchor: bait.long('anchor'), head: { style: bait.short('head') } },
    });
    const unsafe = ana!.text.locator('.link.unsafe');
    expect(await unsafe.count()).toBeGreaterThanOrEqual(bait.links().length - 1);
    for (const one of (await unsafe.all()).slice(0, bait.links().length)) {
      await one.click();
      await one.click({ modifiers: ['Control'] });
    }
    await inert();
    expect(await activeInCopy(page)).toEqual([]);
  });

  await test.step('comments, links to this page, history', async () => {
    // Its session ends, and becomes history.
    peer!.leave();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /^Comments/ }).click();
    const card = page.getByRole('article', { name: /^Comment on/ });
    const read = card.filter({ hasText: 'run and' });
    await expect(read).toContainText('<iframe');
    await expect(read).toContainText('Declined by');
    for (const name of ['run', 'data', 'quoted']) await read.getByText(name, { exact: true }).first().click();
    await expect(card.filter({ hasText: '> > >' })).toContainText('<svg onload=');
    await inert();
    await page.getByRole('tab', { name: /^Links/ }).click();
    await expect(page.getByText('Goes to').last()).toBeVisible();
    await page.getByRole('button', { name: 'Mentioned without a link' }).click();
    await inert();
    const session = page.locator('.history .session').first();
    await expect(async () => {
      await page.getByRole('tab', { name: /^Contents/ }).click();
      await page.getByRole('tab', { name: /^History/ }).click();
      await expect(session).toBeVisible({ timeout: 1_000 });
    }).toPass({ timeout: 10_000 });
    await session.click();
    await expect(page.getByRole('document', { name: 'Page as it was' })).toContainText('<iframe');
    await inert();
    await page.keyboard.press('Escape');
  });

  await test.step('print and PDF', async () => {
    await page.emulateMedia({ media: 'print' });
    await inert();
    const pdf = (await page.pdf()).toString('latin1');
    expect(pdf).not.toMatch(/\/JavaScript|\/Launch|\/URI \((javascript|vbscript|data|file|blob):/i);
    await page.emulateMedia({ media: 'screen' });
    await inert();
  });

  await test.step('preview, palette, people, spaces, trash', async () => {
    await page.getByRole('treeitem', { name: 'Harmless' }).click();
    await expect(ana!.title).toHaveValue('Harmless');
    await ana!.text.locator('[data-embed="page"]').hover();
    await expect(page.getByRole('tooltip')).toContainText('<script src=');
    await inert();
    await page.getByRole('tab', { name: /^Links/ }).click();
    // Esc would close the preview first.
    await expect(page.getByRole('tooltip')).toHaveCount(0);
    await expect(page.locator('.passage').first()).toBeVisible();
    await inert();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Search or jump' }).fill('svg onload');
    await expect(page.getByRole('option').first()).toContainText('<svg onload=');
    await inert();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('combobox', { name: 'Search or jump' })).toHaveCount(0);
    for (const [route, words] of [
      ['people', '<svg onload='],
      ['spaces', '<svg onload='],
    ] as const) {
      await page.goto(`${home}#/w/${workspace}/${route}`);
      await expect(page.getByRole('main')).toContainText(words);
      await inert();
    }
    await page.getByRole('treeitem', { name: '<svg onload=' }).focus();
    await page.keyboard.press('Delete');
    await expect(page.getByText('Moved to the trash')).toBeVisible();
    await inert();
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(page.getByRole('treeitem', { name: '<svg onload=' })).toBeVisible();
  });

  await test.step('export: names of files stay in the folder, and their text runs nothing elsewhere', async () => {
    const out = join(await folders.make('out'), 'files');
    await caravan(data, 'export', out);
    const files = await readdir(out, { recursive: true });
    const texts = files.filter((file) => file.endsWith('.md'));
    expect(texts).toHaveLength(2);
    for (const file of texts) {
      expect(file).not.toMatch(/[<>":|?*]/);
      // A block that is Markdown source stays that, letter by letter, and is what people saw.
      const text = (await readFile(join(out, file), 'utf8')).replace(bait.long('raw'), '');
      expect(activeIn(text)).toEqual([]);
    }
  });
  await inert();

  await test.step('the same bait is taken where it counts as HTML', async () => {
    const trap = await browser.newPage();
    await trap.setContent(bait.long('control'));
    await expect.poll(() => called.length).toBeGreaterThan(4);
    expect((await active(trap)).length).toBeGreaterThan(4);
    await trap.close();
  });
  canary.close();
});
