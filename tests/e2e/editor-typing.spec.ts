// The page editor in a real browser: keys, shortcuts, slash menu, undo. Each title carries the line that it shows.
import { expect, test } from './editor-fixture.ts';

test('[W1] a click below the last line puts the caret into a new paragraph', async ({ page, a }) => {
  await page.evaluate(() => window.__harness.fill('# Title\n\nLast line'));
  const box = await a.text.boundingBox();
  await page.mouse.click(box!.x + 200, box!.y + box!.height - 20);
  await page.keyboard.type('below');
  await a.expectLines(['h1 Title', 'paragraph Last line', 'paragraph below']);
});
