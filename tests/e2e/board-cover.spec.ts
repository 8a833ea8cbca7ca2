// The cover of a card in a real window: an attached picture or a hue, set and removed in the panel; what is no picture covers nothing.
import { expect, test } from './app-window.ts';
import { BoardWindow } from './board-steps.ts';
import { png } from './given-files.ts';
import { picture } from './pictures.ts';

test('[B9] [BD25] a picture that is attached covers the card, at one height and after a restart; a hue does; SVG is not offered, and nothing is fetched from elsewhere', async ({
  app,
}) => {
  const { page } = app;
  const foreign: string[] = [];
  page.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (/^https?:$/.test(protocol) && hostname !== '127.0.0.1') foreign.push(request.url());
  });
  await app.firstRun();
  const board = new BoardWindow(app);
  await board.make('Antenna build', ['Measure mast sway', 'Guy wires']);
  await board.card('Measure mast sway').click();
  const panel = page.getByRole('complementary', { name: 'Card' });
  const list = panel.getByRole('region', { name: 'Attachments' });
  await list.getByLabel('Files to attach').setInputFiles([
    { name: 'mast.png', mimeType: 'image/png', buffer: png(800, 400) },
    {
      name: 'evil.svg',
      mimeType: 'image/svg+xml',
      buffer: Buffer.from(
        '<svg xmlns="http://www.w3.org/2000/svg"><image href="http://example.com/x.png"/><script>window.evil = 1</script></svg>',
      ),
    },
  ]);
  await expect(list.getByRole('listitem')).toHaveCount(2);
  await list.getByRole('button', { name: 'More for evil.svg' }).click();
  await expect(page.getByRole('menuitem', { name: 'Rename' })).toBeVisible();
  await expect(page.getByRole('menuitem', { name: 'Use as the cover' })).toHaveCount(0);
  await page.keyboard.press('Escape');
  await list.getByRole('button', { name: 'More for mast.png' }).click();
  await page.getByRole('menuitem', { name: 'Use as the cover' }).click();
  const cover = board.card('Measure mast sway').locator('.cover');
  const width = (): Promise<number> => cover.locator('img').evaluate((one: HTMLImageElement) => one.naturalWidth);
  await expect.poll(width).toBe(800);
  expect((await cover.boundingBox())!.height).toBe(112);
  await picture(page, 'board-cover');

  await panel.getByRole('button', { name: 'More for this card' }).click();
  await page.getByRole('menuitem', { name: 'Cover…' }).click();
  await page.getByRole('menuitemradio', { name: 'Sky' }).click();
  await expect(cover.locator('img')).toHaveCount(0);
  await expect(cover).toBeVisible();
  await picture(page, 'board-cover-hue');
  await list.getByRole('button', { name: 'More for mast.png' }).click();
  await page.getByRole('menuitem', { name: 'Use as the cover' }).click();
  await expect.poll(width).toBe(800);

  await expect(app.status).toHaveAccessibleName(/Saved here/);
  await app.killHost();
  await app.startHost();
  await app.open();
  await app.row('Antenna build, board').click();
  await expect.poll(width).toBe(800);
  await board.card('Measure mast sway').click();
  await list.getByRole('button', { name: 'More for mast.png' }).click();
  await page.getByRole('menuitem', { name: 'No cover' }).click();
  await expect(cover).toHaveCount(0);
  expect(foreign).toEqual([]);
  expect(await page.evaluate(() => 'evil' in window)).toBe(false);
});
