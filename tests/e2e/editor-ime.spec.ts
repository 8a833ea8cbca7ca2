// Composition by an input method in a real browser, while others edit. The composed text is driven through DevTools.
import type { CDPSession, Page } from '@playwright/test';
import { expect, test, type Side } from './editor-fixture.ts';

const compose = (devtools: CDPSession, text: string) =>
  devtools.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
const commit = (devtools: CDPSession, text: string) => devtools.send('Input.insertText', { text });

/** Edits as the other side, without taking the focus. */
async function otherTypes(page: Page, block: number, offset: number, text: string): Promise<void> {
  await page.evaluate(
    ([index, at, words]) => {
      window.__harness.b.editor.run((state, dispatch) => {
        const start = state.doc.resolve(0).posAtIndex(index, 0) + 1;
        dispatch?.(state.tr.insertText(words, start + at));
        return true;
      });
    },
    [block, offset, text] as const,
  );
}

async function expectBoth(a: Side, b: Side, wanted: string[]): Promise<void> {
  await a.expectLines(wanted);
  await b.expectLines(wanted);
  // Composition ends on the screen, too: what is seen is what is stored.
  await expect
    .poll(() => a.text.evaluate((element) => [...element.children].map((child) => child.textContent)))
    .toEqual(wanted.map((line) => line.replace(/^\S+ ?/, '')));
}

test('[W15] a composition on an empty page arrives once', async ({ page, a, b }) => {
  const devtools = await page.context().newCDPSession(page);
  await a.focusStart();
  await compose(devtools, 'に');
  await compose(devtools, 'にほ');
  await compose(devtools, '日本');
  await commit(devtools, '日本');
  await expectBoth(a, b, ['paragraph 日本']);
});

test('[W15] remote edits in another block arrive during the composition', async ({ page, a, b }) => {
  const devtools = await page.context().newCDPSession(page);
  await page.evaluate(() => window.__harness.fill('mine\n\ntheirs'));
  await a.select(0, 4);
  await compose(devtools, 'に');
  await otherTypes(page, 1, 6, ' news');
  await expect(a.block(1)).toHaveText('theirs news');
  await otherTypes(page, 1, 0, 'all ');
  await compose(devtools, 'にほ');
  await compose(devtools, '日本');
  await commit(devtools, '日本');
  await expectBoth(a, b, ['paragraph mine日本', 'paragraph all theirs news']);
});

for (const [where, offset, wanted] of [
  ['before', 0, 'Ines: mine and日本 more'],
  ['behind', 13, 'mine and日本 moreInes: '],
  ['next to', 8, 'mine andInes: 日本 more'],
] as const) {
  test(`[W15] remote edits in the same block ${where} the composition wait off the screen, nothing is lost or doubled`, async ({
    page,
    a,
    b,
  }) => {
    const devtools = await page.context().newCDPSession(page);
    await page.evaluate(() => window.__harness.fill('mine and more'));
    await a.select(0, 8);
    await compose(devtools, 'に');
    const shift = offset > 8 ? 1 : 0;
    await otherTypes(page, 0, offset + shift, 'Ines');
    await expect(a.block(0)).toHaveText('mine andに more');
    await compose(devtools, 'にほ');
    await otherTypes(page, 0, offset + 4 + (offset > 8 ? 2 : 0), ': ');
    await compose(devtools, '日本');
    // What is composed is stored while it is composed: a crash now would lose nothing.
    expect((await b.lines()).join()).toContain('日本');
    await commit(devtools, '日本');
    await expectBoth(a, b, [`paragraph ${wanted}`]);
    await page.keyboard.type('!');
    await expect.poll(async () => (await b.lines()).join()).toContain('日本!');
  });
}

test('[W15] a block that is deleted, retyped or split under a composition keeps what was composed', async ({
  page,
  a,
  b,
}) => {
  const devtools = await page.context().newCDPSession(page);
  await page.evaluate(() => window.__harness.fill('first\n\nsecond\n\nthird'));
  await a.select(1, 6);
  await compose(devtools, 'に');
  await page.evaluate(() => {
    window.__harness.b.editor.run((state, dispatch) => {
      dispatch?.(state.tr.setNodeAttribute(7, 'kind', 'quote').split(10));
      return true;
    });
  });
  await compose(devtools, '日本');
  await page.evaluate(() => {
    window.__harness.b.editor.run((state, dispatch) => {
      const last = state.doc.resolve(0).posAtIndex(2, 0);
      dispatch?.(state.tr.delete(last, last + state.doc.child(2).nodeSize));
      return true;
    });
  });
  await compose(devtools, '日本語');
  await commit(devtools, '日本語');
  const settled = async () => {
    const lines = await a.lines();
    expect(await b.lines()).toEqual(lines);
    expect(await a.shown()).toEqual(lines);
    return lines.join('\n').split('語').length - 1;
  };
  await expect.poll(settled).toBe(1);
  await expect.poll(() => a.text.evaluate((element) => element.textContent?.split('語').length)).toBe(2);
});

test('[W15] a dead key composes one letter while a colleague writes in the same line', async ({ page, a, b }) => {
  const devtools = await page.context().newCDPSession(page);
  await page.evaluate(() => window.__harness.fill('caf'));
  await a.select(0, 3);
  await compose(devtools, '´');
  await otherTypes(page, 0, 0, 'un ');
  await commit(devtools, 'é');
  await expectBoth(a, b, ['paragraph un café']);
});

test('[W15] a composition that is given up leaves nothing', async ({ page, a, b }) => {
  const devtools = await page.context().newCDPSession(page);
  await page.evaluate(() => window.__harness.fill('mine'));
  await a.select(0, 4);
  await compose(devtools, 'に');
  await otherTypes(page, 0, 0, 'not ');
  await compose(devtools, '');
  await expectBoth(a, b, ['paragraph not mine']);
});
