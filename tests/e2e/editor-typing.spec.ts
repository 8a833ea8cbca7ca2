// The page editor in a real browser: keys, shortcuts, slash menu, marks, undo. A title carries the line that its test shows.
import type { Page } from '@playwright/test';
import { expect, test } from './editor-fixture.ts';

const slashTitles = (page: Page) =>
  page.evaluate(() => window.__harness.a.slash?.items.map((item) => item.title) ?? null);

test('[W1] a click below the last line puts the caret into a new paragraph, and into the same one again', async ({
  page,
  a,
}) => {
  await page.evaluate(() => window.__harness.fill('# Title\n\nLast line'));
  const box = await a.text.boundingBox();
  const below = [box!.x + 200, box!.y + box!.height - 20] as const;
  await page.mouse.click(...below);
  await page.mouse.click(...below);
  await page.keyboard.type('below');
  await a.expectLines(['h1 Title', 'paragraph Last line', 'paragraph below']);
});

test('[W1] an empty page takes the first letters; nothing was written before', async ({ page, a }) => {
  expect(await page.evaluate(() => window.__harness.body('a').length)).toBe(0);
  await a.focusStart();
  await expect(a.block(0)).toHaveAttribute('data-hint', 'Write, or press / for blocks');
  expect(await page.evaluate(() => window.__harness.body('a').length)).toBe(0);
  await page.keyboard.type('Hello');
  await a.expectLines(['paragraph Hello']);
});

test('[W1] ArrowUp on the first line and Backspace at the very start leave to the title', async ({ page, a }) => {
  await a.focusStart();
  await page.keyboard.type('one');
  await page.keyboard.press('ArrowUp');
  expect(await page.evaluate(() => window.__harness.a.leftTop)).toBe(1);
  await a.focusStart();
  await page.keyboard.press('Backspace');
  expect(await page.evaluate(() => window.__harness.a.leftTop)).toBe(2);
  await a.expectLines(['paragraph one']);
});

const SHORTCUTS: readonly (readonly [string, string, string[]])[] = [
  ['# ', 'Title', ['h1 Title']],
  ['## ', 'Title', ['h2 Title']],
  ['### ', 'Title', ['h3 Title']],
  ['- ', 'item', ['bullet item']],
  ['* ', 'item', ['bullet item']],
  ['1. ', 'item', ['ordered item']],
  ['[] ', 'task', ['check task']],
  ['[x] ', 'task', ['checked task']],
  ['> ', 'said', ['quote said']],
  ['```', 'let x', ['code let x']],
  ['``` ', 'let x', ['code let x']],
  ['---', 'after', ['divider', 'paragraph after']],
];
for (const [typed, text, wanted] of SHORTCUTS) {
  test(`[W2] "${typed}" makes a block; Backspace right after, and Mod+Z right after, bring the letters back`, async ({
    page,
    a,
  }) => {
    await a.focusStart();
    // The space after a fence is habit: it is taken in and is not a shortcut of its own.
    const literal = typed === '``` ' ? '```' : typed;
    await page.keyboard.type(typed);
    if (literal === typed) {
      await page.keyboard.press('Backspace');
      await a.expectLines([`paragraph ${literal}`]);
      await page.keyboard.press('Control+a');
      await page.keyboard.press('Backspace');
      await page.keyboard.type(typed);
    }
    await page.keyboard.press('Control+z');
    await a.expectLines([`paragraph ${literal}`]);
    await page.keyboard.press('Control+Shift+z');
    await page.keyboard.type(text);
    await a.expectLines(wanted);
  });
}

for (const [typed, mark] of [
  ['**word**', 'strong'],
  ['*word*', 'em'],
  ['`word`', 'code'],
  ['~~word~~', 's'],
  ['==word==', 'mark'],
] as const) {
  test(`[W2] ${typed} becomes a mark, undone by one key, and typing goes on without it`, async ({ page, a }) => {
    await a.focusStart();
    await page.keyboard.type(`say ${typed}`);
    await page.keyboard.type('!');
    await a.expectLines(['paragraph say word!']);
    await expect(a.text.locator(mark)).toHaveText('word');
    await page.keyboard.press('Control+z');
    await a.expectLines(['paragraph say word']);
    await page.keyboard.press('Control+z');
    await a.expectLines([`paragraph say ${typed}`]);
  });
}

test('[W2] a fence with a language name, and Enter after ``` or --- is not a line', async ({ page, a }) => {
  await a.focusStart();
  await page.keyboard.type('```ts\nlet a\n\n---\nend');
  await a.expectLines(['code let a', 'divider', 'paragraph end']);
  await expect(a.block(0)).toHaveAttribute('data-language', 'ts');
});

test('[W3] the slash menu opens, filters, and makes a block', async ({ page, a }) => {
  await a.focusStart();
  await page.keyboard.type('/');
  expect((await slashTitles(page))?.length).toBe(13);
  await page.keyboard.type('head');
  expect(await slashTitles(page)).toEqual(['Heading 1', 'Heading 2', 'Heading 3']);
  // A slip takes the rows away, not the menu.
  await page.keyboard.type('zz');
  expect(await slashTitles(page)).toBeNull();
  await page.keyboard.press('Backspace');
  await page.keyboard.press('Backspace');
  expect(await slashTitles(page)).toEqual(['Heading 1', 'Heading 2', 'Heading 3']);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  expect(await slashTitles(page)).toBeNull();
  await page.keyboard.type('Wind');
  await a.expectLines(['h2 Wind']);
});

test('[W3] every entry of the slash menu makes its kind', async ({ page, a }) => {
  await a.focusStart();
  const names = ['text', 'h1', 'h2', 'h3', 'bullet', 'numbered', 'todo', 'quote', 'callout', 'code', 'divider'];
  const kinds = ['paragraph', 'h1', 'h2', 'h3', 'bullet', 'ordered', 'check', 'quote', 'callout', 'code'];
  for (const name of names) {
    await page.keyboard.type(`/${name}`);
    await page.keyboard.press('Enter');
    await page.keyboard.type('x');
    await a.focusEnd();
    await page.evaluate(() => window.__harness.a.editor.focusBelow());
  }
  await a.expectLines([...kinds.map((kind) => `${kind} x`), 'divider', 'paragraph x', 'paragraph']);
});

test('[W3] Esc leaves the slash as text; a slash inside a word opens nothing', async ({ page, a }) => {
  await a.focusStart();
  await page.keyboard.type('/he');
  await page.keyboard.press('Escape');
  expect(await slashTitles(page)).toBeNull();
  await page.keyboard.type('re and/or');
  expect(await slashTitles(page)).toBeNull();
  await page.keyboard.press('Enter');
  await a.expectLines(['paragraph /here and/or', 'paragraph']);
});

test('[W3] a click on an entry runs it, and one undo brings the typed letters back', async ({ page, a }) => {
  await a.focusStart();
  await page.keyboard.type('/quo');
  await page.evaluate(() => window.__harness.a.slash!.choose(0));
  await a.expectLines(['quote']);
  await page.keyboard.press('Control+z');
  await a.expectLines(['paragraph /quo']);
});

test('[W8] Tab, Shift+Tab, Enter and Backspace in a list', async ({ page, a }) => {
  await a.focusStart();
  await page.keyboard.type('- one\ntwo');
  await page.keyboard.press('Tab');
  await page.keyboard.type('\nthree');
  await a.expectLines(['bullet one', '.bullet two', '.bullet three']);
  await page.keyboard.press('Shift+Tab');
  await a.expectLines(['bullet one', '.bullet two', 'bullet three']);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await a.expectLines(['bullet one', '.bullet two', 'bullet three', 'bullet']);
  await page.keyboard.press('Enter');
  await a.expectLines(['bullet one', '.bullet two', 'bullet three', 'paragraph']);
  await page.keyboard.press('Backspace');
  await a.expectLines(['bullet one', '.bullet two', 'bullet three']);
  await page.keyboard.type('!');
  await a.expectLines(['bullet one', '.bullet two', 'bullet three!']);
});

test('[W8] a checkbox is ticked by Ctrl+Enter and by a click on its box, not by a click on its text', async ({
  page,
  a,
}) => {
  await page.evaluate(() => window.__harness.fill('- [ ] one\n- [ ] two'));
  await a.select(0, 1);
  await page.keyboard.press('Control+Enter');
  await a.expectLines(['checked one', 'check two']);
  await a.block(1).click({ position: { x: 8, y: 12 } });
  await a.expectLines(['checked one', 'checked two']);
  await a.block(1).click({ position: { x: 40, y: 12 } });
  await a.expectLines(['checked one', 'checked two']);
  await a.block(1).click({ position: { x: 8, y: 12 } });
  await a.expectLines(['checked one', 'check two']);
});

test('[W8] ordered items are numbered anew when one is put between or taken out', async ({ page, a }) => {
  await page.evaluate(() => window.__harness.fill('1. a\n2. b\n3. c'));
  await a.select(0, 1);
  await page.keyboard.press('Enter');
  await page.keyboard.type('x');
  await expect(a.block(3)).toHaveAttribute('data-number', '4.');
  await page.keyboard.press('Tab');
  await expect(a.block(1)).toHaveAttribute('data-number', 'a.');
  await expect(a.block(2)).toHaveAttribute('data-number', '2.');
});

test('[W9] Ctrl+Shift+arrows move a block with its children, and undo brings it back', async ({ page, a }) => {
  await page.evaluate(() => window.__harness.fill('- a\n  - b\n- c\n\ntext'));
  await a.select(0, 1);
  await page.keyboard.press('Control+Shift+ArrowDown');
  await a.expectLines(['bullet c', 'bullet a', '.bullet b', 'paragraph text']);
  await page.keyboard.type('!');
  await a.expectLines(['bullet c', 'bullet a!', '.bullet b', 'paragraph text']);
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  await a.expectLines(['bullet a', '.bullet b', 'bullet c', 'paragraph text']);
});

test('[W10 marks] keys put marks on the selection, the toolbar hears of it, Mod+A selects in two steps', async ({
  page,
  a,
}) => {
  await page.evaluate(() => window.__harness.fill('one two\n\nthree'));
  await a.select(0, 0, 3);
  await page.keyboard.press('Control+b');
  await page.keyboard.press('Control+i');
  await expect(a.text.locator('strong em, em strong')).toHaveText('one');
  const report = await page.evaluate(() => {
    const { selection } = window.__harness.a;
    return (
      selection && {
        marks: [...selection.marks].sort(),
        kind: selection.kind,
        width: selection.rect.right - selection.rect.left,
      }
    );
  });
  expect(report?.marks).toEqual(['bold', 'italic']);
  expect(report?.kind).toBe('paragraph');
  expect(report?.width).toBeGreaterThan(10);
  await page.keyboard.press('Control+b');
  await page.keyboard.press('Control+i');
  await expect(a.text.locator('strong, em')).toHaveCount(0);
  await page.keyboard.press('Control+a');
  expect(await page.evaluate(() => window.getSelection()!.toString().trim())).toBe('one two');
  await page.keyboard.press('Control+a');
  expect(await page.evaluate(() => window.getSelection()!.toString().trim())).toContain('three');
  await page.keyboard.press('Delete');
  await a.expectLines(['paragraph']);
});

test('[W12] undo takes back a burst of typing at a time, with the caret, and redo gives it again', async ({
  page,
  a,
}) => {
  await page.evaluate(() => window.__harness.fill('start'));
  await a.select(0, 5);
  await page.keyboard.type(' one');
  await page.keyboard.press('Enter');
  await page.keyboard.type('two');
  await a.expectLines(['paragraph start one', 'paragraph two']);
  for (;;) {
    const lines = await a.lines();
    if (lines.join() === 'paragraph start') break;
    await page.keyboard.press('Control+z');
  }
  // The page's first text came from elsewhere: it is not this editor's to take back.
  await page.keyboard.press('Control+z');
  await a.expectLines(['paragraph start']);
  await page.keyboard.press('Control+y');
  await expect.poll(() => a.lines()).not.toEqual(['paragraph start']);
});

test('[X4] code and links: Tab is text in code, a page link opens by a click, javascript: does not', async ({
  page,
  a,
}) => {
  await page.evaluate(() => {
    const body = window.__harness.body('a');
    body.insertEmbed(0, window.__harness.newMap({ id: 'links-block-id-00001', kind: 'paragraph' }));
    body.insert(1, 'page', { link: 'page:abcdefghijklmnop' });
    body.insert(5, ' bad', { link: 'javascript:alert(1)' });
    body.insert(9, ' web', { link: 'https://example.org/' });
  });
  await a.text.getByText('page', { exact: true }).click();
  await a.text.getByText('bad').click();
  await a.text.getByText('web').click();
  await a.text.getByText('web').click({ modifiers: ['Control'] });
  expect(await page.evaluate(() => window.__harness.a.opened)).toEqual([
    'page:abcdefghijklmnop',
    'https://example.org/',
  ]);
  expect(page.url()).toBe('http://localhost/');
});

test('[X4] a paragraph of right-to-left text runs and is aligned from the right, its neighbours from the left', async ({
  page,
  a,
}) => {
  await page.evaluate(() => window.__harness.fill('left\n\nשלום'));
  const gaps = await a.text.evaluate((element) =>
    [...element.children].map((block) => {
      const range = document.createRange();
      range.selectNodeContents(block);
      const text = range.getBoundingClientRect();
      const box = block.getBoundingClientRect();
      return text.left - box.left < box.right - text.right ? 'left' : 'right';
    }),
  );
  expect(gaps).toEqual(['left', 'right']);
});

test('[W1] a key works where the caret is on the screen, though the browser has not told of its move yet', async ({
  page,
  a,
}) => {
  await page.evaluate(() => window.__harness.fill('first\n\nsecond'));
  await a.select(0, 0);
  await a.text.evaluate((text) => {
    // Both in one task, so no `selectionchange` comes between them.
    getSelection()!.collapse(text.children[1]!.firstChild, 3);
    text.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
  });
  await a.expectLines(['paragraph first', 'paragraph sec', 'paragraph ond']);
});

test('[W1][W26] a caret that the browser moved stays there when others’ edits, or marks, are drawn before it is told of', async ({
  page,
  a,
}) => {
  await page.evaluate(() => window.__harness.fill('first\n\nsecond\n\nthird'));
  for (const what of ['edit', 'mark'] as const) {
    await a.select(0, 0);
    await page.evaluate((drawn) => {
      const { editor } = window.__harness.a;
      const text = document.querySelector('.page-text')!;
      // All in one task, so no `selectionchange` comes between.
      getSelection()!.collapse(text.children[1]!.firstChild, 3);
      if (drawn === 'edit') {
        const body = editor.binding.body;
        body.doc!.transact(() => body.insert(body.length, '!'), 'somebody else');
      } else {
        editor.run((state, dispatch) => {
          dispatch?.(state.tr.setMeta('something', true));
          return true;
        });
      }
    }, what);
    await page.keyboard.type(what === 'edit' ? '1' : '2');
  }
  await a.expectLines(['paragraph first', 'paragraph sec21ond', 'paragraph third!']);
});
