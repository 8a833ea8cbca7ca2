// A real board of Trello, 655 cards, in a real window: imported, then opened, scrolled, filtered and dragged with a mouse.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from './app-window.ts';
import { BoardWindow } from './board-steps.ts';
import { picture } from './pictures.ts';

const KEPS = join(import.meta.dirname, '../../../shared/data/board/keps-trello.json');
const isThere = existsSync(KEPS);
/** Why it does not run, in its title. */
const ABSENT = isThere ? '' : ' (needs the reference data: board/keps-trello.json)';
// eslint-disable-next-line no-console -- a skip that nobody reads is a lie
if (!isThere) console.warn(`!! SKIPPED: the real board of Trello: ${KEPS} is not there.`);

test(`[B20][B19][B3][B7] a real board is imported and opened; a long column scrolls with few cards drawn, is filtered, and gives a card to another by mouse${ABSENT}`, async ({
  app,
}) => {
  test.skip(!isThere, `${KEPS} is not there`);
  const { page } = app;
  await app.firstRun();
  const { workspaces } = await app.call('hello', {});
  const workspace = workspaces[0]!.id;
  const [space] = await app.call('space.list', { workspace });
  const { job } = await app.call('import.trello', { workspace, space: space!.id, parent: null, file: { path: KEPS } });
  await page.getByRole('treeitem', { name: 'Kubernetes enhancements (KEPs)' }).click();
  await expect.poll(async () => (await app.call('job.get', { job })).status.state).toBe('done');
  const { report } = await app.call('job.get', { job });
  expect(report?.boards?.[0]?.counts).toMatchObject({ lists: 9, cards: 655, labels: 22, people: 525, checklists: 478 });
  const board = new BoardWindow(app);
  const drawn = page.locator('[role=option][data-card]');
  await expect(drawn.first()).toBeVisible();
  const columns = page.locator('section[data-column]');
  await expect(columns).toHaveCount(9);
  const counts = await columns.evaluateAll((all) =>
    all.map((column) => Number(column.querySelector('[role=option]')?.getAttribute('aria-setsize') ?? 0)),
  );
  await picture(page, 'keps-board');

  // The longest column that stands in the window, from its top to its bottom.
  const seen = await columns.evaluateAll((all) =>
    all.map((column) => column.getBoundingClientRect().right < innerWidth),
  );
  const [longest] = [...counts.keys()].filter((at) => seen[at]).sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0));
  const column = columns.nth(longest!);
  const size = counts[longest!]!;
  expect(size).toBeGreaterThan(200);
  expect(await drawn.count()).toBeLessThan(250);
  const box = (await column.boundingBox())!;
  await page.mouse.move(box.x + 100, box.y + 300);
  await expect(async () => {
    await page.mouse.wheel(0, 40_000);
    await expect(column.locator(`[aria-posinset="${String(size)}"]`)).toBeInViewport({ timeout: 1_000 });
  }).toPass();
  expect(await column.getByRole('option').count()).toBeLessThan(60);

  const name = (await column.getAttribute('aria-label'))!;
  const other = columns.nth(longest === 0 ? 1 : longest! - 1);
  const target = (await other.getAttribute('aria-label'))!;
  const before = (await other.getByRole('option').first().getAttribute('aria-setsize')) ?? '0';
  const last = column.locator(`[aria-posinset="${String(size)}"]`);
  const title = (await last.locator('.name').textContent())!;
  await board.drag(last, other, { x: 80, y: 80 });
  await expect(other.getByRole('option').first()).toHaveAttribute('aria-setsize', String(Number(before) + 1));
  await expect(other.getByRole('option').filter({ hasText: title })).toBeVisible();
  await expect(column.getByRole('option').first()).toHaveAttribute('aria-setsize', String(size - 1));
  expect(name).not.toBe(target);

  await page.keyboard.press('/');
  await page.getByLabel('Words in the title, a label or a name').fill(title);
  await expect(drawn).toHaveCount(1);
  await expect(other.getByRole('option')).toContainText(title);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Show all cards' }).click();
  await expect(column.getByRole('option').first()).toHaveAttribute('aria-setsize', String(size - 1));
});
