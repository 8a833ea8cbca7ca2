// Two editors on one page: cursors, edits at the same time, undo of one's own. A title carries the line that its test shows.
import { expect, test } from './editor-fixture.ts';

test("[W16] another's caret has their name, follows, moves with my typing at once, and goes when they leave", async ({
  page,
  a,
  b,
}) => {
  await page.evaluate(() => window.__harness.fill('shared line'));
  await b.select(0, 6);
  const flag = a.text.locator('.remote-flag');
  await expect(flag).toHaveText('Ines');
  const caret = a.text.locator('.remote-caret');
  const before = await caret.boundingBox();
  await page.keyboard.type('xy');
  await expect.poll(async () => (await caret.boundingBox())?.x ?? 0).toBeGreaterThan(before!.x + 5);
  // The flag fades by itself two seconds after the last move.
  await expect(flag).toHaveCSS('opacity', '0');
  await a.select(0, 0);
  await expect(caret).toHaveCount(0);
});

test('[W16] a selection is shown, and hostile presence states are not', async ({ page, a }) => {
  await page.evaluate(() => window.__harness.fill('shared line'));
  await page.evaluate(() => window.__harness.point('b', 0, 0, 6));
  await expect(a.text.locator('.remote-selection')).toHaveText('shared');
  const flags = a.text.locator('.remote-flag');
  await expect(flags).toHaveCount(1);
  for (const state of [
    { user: { member: 7 }, cursor: { anchor: {}, head: {} } },
    { user: { member: 'x' }, cursor: { anchor: 'start', head: null } },
    { user: { member: 'x' }, cursor: { anchor: { tname: 'nothing' }, head: { item: { client: -1, clock: 'z' } } } },
    { user: { member: 'x'.repeat(5_000) }, cursor: { anchor: {}, head: {} } },
    { user: null, cursor: [] },
  ]) {
    await page.evaluate((value) => window.__harness.b.awareness.setLocalState(value), state);
    await expect(flags).toHaveCount(0);
  }
  await page.evaluate(() => window.__harness.b.awareness.setLocalState({ user: { member: 'member-ines' } }));
  await page.evaluate(() => window.__harness.point('b', 0, 2, 2));
  await expect(flags).toHaveText('Ines');
});

test('[W16] my scroll position does not jump when somebody writes above', async ({ page, a }) => {
  const many = Array.from({ length: 120 }, (_, number) => `Paragraph ${String(number)}`).join('\n\n');
  await page.evaluate((text) => window.__harness.fill(text), many);
  await a.select(80, 3);
  const place = () => a.block(80).evaluate((element) => Math.round(element.getBoundingClientRect().top));
  await a.block(80).evaluate((element) => element.scrollIntoView({ block: 'center' }));
  const before = await place();
  await page.evaluate(() => {
    const { editor } = window.__harness.b;
    for (let line = 0; line < 5; line++) {
      editor.run((state, dispatch) => (dispatch?.(state.tr.insertText('More words. '.repeat(40), 3)), true));
    }
  });
  await expect.poll(() => a.block(0).textContent()).toContain('More words.');
  const number = await a.text.evaluate((element) =>
    [...element.children].findIndex((child) => child.textContent === 'Paragraph 80'),
  );
  await expect
    .poll(() => a.block(number).evaluate((element) => Math.round(element.getBoundingClientRect().top)))
    .toBe(before);
});

test('[W26] apart, one retypes and indents what the other goes on writing: all words are kept', async ({
  page,
  a,
  b,
}) => {
  await page.evaluate(() => window.__harness.fill('- first\n- second\n\nthird'));
  await page.evaluate(() => window.__harness.setOnline(false));
  await a.select(1, 6);
  await page.keyboard.type(' from Ana');
  await a.select(2, 0);
  await page.keyboard.type('so ');
  await b.select(1, 0);
  await page.keyboard.press('Tab');
  await page.keyboard.type('B: ');
  await b.select(2, 5);
  await page.keyboard.press('Control+Alt+2');
  await page.keyboard.type(' of Ines');
  await page.evaluate(() => window.__harness.setOnline(true));
  const wanted = ['bullet first', '.bullet B: second from Ana', 'h2 so third of Ines'];
  await a.expectLines(wanted);
  await b.expectLines(wanted);
});

test('[W26] apart, one splits and ticks where the other writes and undoes: all words are kept once', async ({
  page,
  a,
  b,
}) => {
  await page.evaluate(() => window.__harness.fill('- [ ] buy rope and shackles'));
  await page.evaluate(() => window.__harness.setOnline(false));
  await a.select(0, 8);
  await page.keyboard.press('Enter');
  await b.select(0, 21);
  await page.keyboard.type(' (two)');
  await b.select(0, 4);
  await page.keyboard.type('new ');
  await page.keyboard.press('Control+Enter');
  await page.evaluate(() => window.__harness.setOnline(true));
  const lines = await a.lines();
  expect(await b.lines()).toEqual(lines);
  const all = lines.join(' ');
  for (const word of ['new', 'rope', 'and', 'shackles', '(two)']) expect(all.split(word)).toHaveLength(2);
  expect(await a.shown()).toEqual(lines);
  expect(await b.shown()).toEqual(lines);
});

test("[W12] undo takes back my own edits and none of the other's", async ({ page, a, b }) => {
  await page.evaluate(() => window.__harness.fill('base'));
  await a.select(0, 4);
  await page.keyboard.type(' mine');
  await b.select(0, 0);
  await page.keyboard.type('theirs ');
  await a.select(0, 0);
  await page.keyboard.press('Control+z');
  await a.expectLines(['paragraph theirs base']);
  await page.keyboard.press('Control+Shift+z');
  await a.expectLines(['paragraph theirs base mine']);
  await b.expectLines(['paragraph theirs base mine']);
});

test('[W12] undo survives taking the page off the screen and putting it back', async ({ page, a }) => {
  await page.evaluate(() => window.__harness.fill('base'));
  await a.focusEnd();
  await page.keyboard.type(' and more');
  await page.evaluate(() => {
    const { editor } = window.__harness.a;
    editor.detach();
    editor.attach(document.getElementById('a')!);
  });
  await a.focusEnd();
  await page.keyboard.press('Control+z');
  await a.expectLines(['paragraph base']);
});

test('[W2] [W26] a shortcut while somebody writes in the same block keeps their words, undone or not', async ({
  page,
  a,
  b,
}) => {
  await page.evaluate(() => window.__harness.fill('word'));
  await page.evaluate(() => window.__harness.setOnline(false));
  await b.select(0, 4);
  await page.keyboard.type(' theirs');
  await a.select(0, 0);
  await page.keyboard.type('## ');
  await page.evaluate(() => window.__harness.setOnline(true));
  await a.expectLines(['h2 word theirs']);
  await page.keyboard.press('Control+z');
  await a.expectLines(['paragraph ## word theirs']);
});

test('a block and an inline thing of a newer version are shown as notices and survive edits around them', async ({
  page,
  a,
}) => {
  await page.evaluate(() => {
    const body = window.__harness.body('b');
    body.insertEmbed(0, window.__harness.newMap({ id: 'plain-block-id-00001', kind: 'paragraph' }));
    body.insert(1, 'before ');
    body.insertEmbed(8, { hologram: 1 });
    body.insertEmbed(9, window.__harness.newMap({ id: 'odd-block-id-000001', kind: 'hologram' }));
    body.insert(10, 'its text');
    body.insertEmbed(18, window.__harness.newMap({ id: 'plain-block-id-00002', kind: 'paragraph' }));
    body.insert(19, 'behind');
  });
  await expect(a.text).toContainText('This block is from a newer version of Caravan. It is kept as it is.');
  await expect(a.text.locator('.unknown-inline')).toHaveCount(1);
  await a.select(2, 0);
  await page.keyboard.press('Backspace');
  await page.keyboard.press('Delete');
  const kept = await page.evaluate(() => JSON.stringify(window.__harness.body('b').toDelta()));
  expect(kept).toContain('hologram');
  await a.select(0, 0);
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Delete');
  const after = await a.lines();
  expect(after.some((line) => line.startsWith('hologram'))).toBe(true);
  expect(await a.shown()).toEqual(after);
});
