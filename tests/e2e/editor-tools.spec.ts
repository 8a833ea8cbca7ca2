// Folding, finding, coloured code and inline things in a real browser, on the harness page.
import { expect, test } from './editor-fixture.ts';

test('[W14] a toggle folds its children away by key and by a press on its sign; nothing of it is stored', async ({
  page,
  a,
  b,
}) => {
  await page.evaluate(() => window.__harness.fill('- ▸ head\n  - one\n  - two\n\nafter'));
  const before = await page.evaluate(() => JSON.stringify(window.__harness.body('a').toDelta()));
  await a.select(1, 1);
  // Folding from inside is not possible: the caret's own block is no toggle.
  await page.keyboard.press('Control+Enter');
  await expect(a.block(1)).toBeVisible();
  await a.select(0, 4);
  await page.keyboard.press('Control+Enter');
  await expect(a.block(0)).toHaveClass(/folded/);
  for (const hidden of [1, 2]) await expect(a.block(hidden)).toBeHidden();
  await expect(a.block(3)).toBeVisible();
  await expect(b.block(1)).toBeVisible();
  expect(await page.evaluate(() => JSON.stringify(window.__harness.body('a').toDelta()))).toBe(before);
  const head = (await a.block(0).boundingBox())!;
  await page.mouse.click(head.x + 8, head.y + 12);
  await expect(a.block(1)).toBeVisible();
  await page.mouse.click(head.x + 8, head.y + 12);
  await expect(a.block(1)).toBeHidden();
});

test('[W14] a folded heading hides its section; a caret that gets inside opens it, others go on writing there', async ({
  page,
  a,
  b,
}) => {
  await page.evaluate(() => window.__harness.fill('# One\n\ntext\n\n## Inner\n\nmore\n\n# Two\n\nend'));
  await a.select(0, 3);
  await page.keyboard.press('Control+Enter');
  for (const hidden of [1, 2, 3]) await expect(a.block(hidden)).toBeHidden();
  await expect(a.block(4)).toBeVisible();
  await b.select(1, 4);
  await page.keyboard.type(' of Ines');
  await expect(a.block(1)).toBeHidden();
  await a.select(3, 2);
  await expect(a.block(3)).toBeVisible();
  await a.expectLines(['h1 One', 'paragraph text of Ines', 'h2 Inner', 'paragraph more', 'h1 Two', 'paragraph end']);
});

test('[W14] Enter in an open toggle writes into it, in a folded one makes the next toggle behind what it hides', async ({
  page,
  a,
}) => {
  await a.focusStart();
  await page.keyboard.type('/toggle\nhead\nchild');
  await a.expectLines(['toggle head', '.paragraph child']);
  await a.select(0, 4);
  await page.keyboard.press('Control+Enter');
  await page.keyboard.press('Enter');
  await page.keyboard.type('next');
  await a.expectLines(['toggle head', '.paragraph child', 'toggle next']);
});

test('[W13] find counts over marks, goes round, follows edits, and replaces as one undo step each', async ({
  page,
  a,
  b,
}) => {
  await page.evaluate(() => window.__harness.fill('Al**pha** one\n\n- alpha two\n\n`alp`ha three\n\nbeta'));
  await a.focusStart();
  const finder = (run: 'next' | 'previous') =>
    page.evaluate((what) => window.__harness.a.editor.finder.go(what === 'next' ? 1 : -1), run);
  const report = () => page.evaluate(() => window.__harness.a.found);
  await page.evaluate(() => window.__harness.a.editor.finder.search('alpha', false));
  expect(await report()).toEqual({ count: 3, current: 1 });
  await finder('previous');
  expect(await report()).toEqual({ count: 3, current: 3 });
  const painted = () =>
    page.evaluate(() => {
      const texts = (name: string) => [...(CSS.highlights.get(name) ?? [])].map((range) => range.toString());
      return { all: texts('page-find'), current: texts('page-find-current') };
    });
  await expect.poll(painted).toEqual({ all: ['Alpha', 'alpha'], current: ['alpha'] });
  await b.select(3, 0);
  await page.keyboard.type('alpha ');
  expect(await report()).toEqual({ count: 4, current: 3 });
  await page.evaluate(() => window.__harness.a.editor.finder.search('alpha', true));
  expect((await report())?.count).toBe(3);
  await page.evaluate(() => window.__harness.a.editor.finder.search('ALPHA', false));
  await page.evaluate(() => window.__harness.a.editor.finder.replace('gamma'));
  await page.evaluate(() => window.__harness.a.editor.finder.replaceAll('delta'));
  expect(await report()).toEqual({ count: 0, current: 0 });
  await expect.poll(() => a.lines()).not.toContain('bullet alpha two');
  await page.evaluate(() => window.__harness.a.editor.undo());
  expect((await report())?.count).toBe(3);
  await page.evaluate(() => window.__harness.a.editor.undo());
  await a.expectLines(['paragraph Alpha one', 'bullet alpha two', 'paragraph alpha three', 'paragraph alpha beta']);
  await page.evaluate(() => window.__harness.a.editor.finder.close());
  expect(await page.evaluate(() => CSS.highlights.size)).toBe(0);
});

test('[W13] find opens what hides a match, and signs mean themselves', async ({ page, a }) => {
  await page.evaluate(() => window.__harness.fill('# One\n\nhidden (a.b) words\n\n# Two'));
  await a.select(0, 1);
  await page.keyboard.press('Control+Enter');
  await expect(a.block(1)).toBeHidden();
  await page.evaluate(() => window.__harness.a.editor.finder.search('(a.b)', false));
  await expect(a.block(1)).toBeVisible();
  expect(await page.evaluate(() => window.__harness.a.found)).toEqual({ count: 1, current: 1 });
});

test('[W3] code is coloured by its language without a change of its text, and follows typing and another language', async ({
  page,
  a,
}) => {
  await page.evaluate(() => window.__harness.fill('```ts\nconst a = "b"; // c\n```'));
  const before = await page.evaluate(() => JSON.stringify(window.__harness.body('a').toDelta()));
  const voice = (name: string) => a.block(0).locator(`.code-${name}`);
  await expect(voice('keyword')).toHaveText('const');
  await expect(voice('string')).toHaveText('"b"');
  await expect(voice('comment')).toHaveText('// c');
  expect(await page.evaluate(() => JSON.stringify(window.__harness.body('a').toDelta()))).toBe(before);
  await a.select(0, 0);
  await page.keyboard.type('let x = 1;\n');
  await expect(voice('keyword')).toHaveText(['let', 'const']);
  await expect(voice('number')).toHaveText('1');
  await page.evaluate(() => {
    const { editor } = window.__harness.a;
    editor.run((state, dispatch) => {
      dispatch?.(state.tr.setNodeAttribute(0, 'language', 'nobody knows'));
      return true;
    });
  });
  await expect(voice('keyword')).toHaveCount(0);
  await a.expectLines(['code let x = 1;\nconst a = "b"; // c']);
});

test('[W5] inline things are one step for the keys, are said by what they show, and survive copy and paste', async ({
  page,
  a,
}) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.evaluate(() => {
    const { body } = { body: window.__harness.body('a') };
    window.__harness.fill('ab');
    body.insertEmbed(2, { type: 'mention', member: 'm1' });
    body.insertEmbed(3, { type: 'date', date: '2026-11-29' });
  });
  await expect(a.block(0).locator('.embed')).toHaveText(['@m1', '2026-11-29']);
  await a.select(0, 0);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(a.block(0).locator('.ProseMirror-selectednode')).toHaveText('@m1');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.type('x');
  await expect(a.block(0)).toHaveText('a@m1x2026-11-29b');
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Control+c');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('a@m1x2026-11-29b');
  await a.focusEnd();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Control+v');
  await expect(a.block(1).locator('.embed')).toHaveText(['@m1', '2026-11-29']);
  await a.select(1, 2);
  await page.keyboard.press('Backspace');
  await expect(a.block(1)).toHaveText('ax2026-11-29b');
  await page.keyboard.press('Control+z');
  await expect(a.block(1)).toHaveText('a@m1x2026-11-29b');
});
