// A thread of 10,000 posts in a real window: where it opens, that few posts are drawn, and what its managers do about a reported one.
import type { Locator } from '@playwright/test';
import { reportPost } from '../../shared/model/thread/moderation.ts';
import { postsOf } from '../../shared/model/document/roots.ts';
import * as Y from 'yjs';
import { largeThreads, LARGE_THREAD } from '../support/large-threads.ts';
import { TypingClient } from '../support/typing-client.ts';
import { expect, test, type App } from './app-window.ts';
import { sound } from './sound-look.ts';

const POSTS = 10_000;
const READ = 6_000;
/** Of one call. */
const PAGE = 2_000;
/** More than fit in any window, and far fewer than there are. */
const MOST_DRAWN = 100;

/** The thread, as a colleague's computer would have brought it; what it writes later goes the same way. */
async function arrived(app: App): Promise<{ address: string; client: TypingClient }> {
  const { workspaces } = await app.call('hello', {});
  const workspace = workspaces[0]!.id;
  const [space] = await app.call('space.list', { workspace });
  const { origin } = new URL(app.page.url());
  const cookie = (await app.page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
  const [large] = largeThreads(POSTS, 0, Date.now());
  const room = `${workspace}/${space!.id}/${large!.id}`;
  const client = new TypingClient({ url: `${origin.replace('http', 'ws')}/${room}`, headers: { cookie, origin } });
  await client.synced;
  Y.applyUpdate(client.doc, large!.update);
  const document = large!.id;
  await expect
    .poll(async () => (await app.call('thread.entry', { workspace, document }).catch(() => null))?.posts ?? 0, {
      timeout: 30_000,
    })
    .toBe(POSTS);
  for (let from = 1; from <= READ; from += PAGE) {
    const posts = Array.from({ length: PAGE }, (_, at) => ({ device: LARGE_THREAD.device, number: from + at }));
    await app.call('thread.read', { workspace, document, posts });
  }
  return { address: `#/w/${workspace}/d/${document}`, client };
}

test('[T20] [T2] [T9] a thread of 10,000 posts opens at the first unread and draws few of them; a reported post is hidden with a reason, shown again and dealt with', async ({
  app,
}) => {
  const { page } = app;
  await app.firstRun();
  const { address, client } = await arrived(app);
  const post = (number: number): Locator => page.getByRole('article').filter({ hasText: `Post ${number} ` });
  const drawn = page.locator('[data-post]');
  await page.goto(new URL(address, page.url()).href);
  await expect(page.getByRole('separator', { name: 'New' })).toBeInViewport();
  await expect(post(READ)).toBeInViewport();
  expect(await drawn.count()).toBeLessThan(MOST_DRAWN);
  const scroller = page.locator('main.scroll');
  await scroller.evaluate((element) => element.scrollTo(0, 0));
  await expect(post(0)).toBeInViewport();
  await page.getByRole('textbox', { name: 'Write a post' }).scrollIntoViewIfNeeded();
  await scroller.evaluate((element) => element.scrollTo(0, element.scrollHeight));
  const last = post(POSTS - 1);
  await expect(last).toBeInViewport();
  expect(await drawn.count()).toBeLessThan(MOST_DRAWN);

  // Somebody tells the managers of the last one.
  const id = (await last.getAttribute('data-post')) ?? (await drawn.last().getAttribute('data-post')) ?? '';
  expect(postsOf(client.doc).has(id)).toBe(true);
  reportPost(client.doc, { post: id, by: LARGE_THREAD.author, at: Date.now(), reason: 'An advertisement' });
  const report = page.getByText('Reported by someone: An advertisement');
  await expect(report).toBeVisible();
  const doing = async (name: string): Promise<void> => {
    await last.hover();
    await last.getByRole('button', { name: 'More for this post' }).click();
    await page.getByRole('menuitem', { name }).click();
  };
  await doing('Hide…');
  await page.getByRole('dialog', { name: 'Hide this post' }).getByLabel('Reason').fill('Nothing is sold here');
  await page.keyboard.press('Enter');
  const hidden = page.getByRole('article').filter({ hasText: 'Hidden by Mira Okafor: Nothing is sold here' });
  await expect(hidden).toBeVisible();
  await sound(page, 'a hidden post');
  // Its manager looks at it again before it is shown to all.
  await hidden.getByRole('button', { name: 'Show it' }).click();
  await doing('Show again');
  await expect(last).toBeVisible();
  await doing('The report is dealt with');
  await expect(report).toHaveCount(0);
  client.close();
});
