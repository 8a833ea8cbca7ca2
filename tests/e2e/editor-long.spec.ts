// A page so long that the browser gets it in groups: it is written in as any other, and what is out of sight is not laid out.
import type { Page } from '@playwright/test';
import { expect, test, type Side } from './editor-fixture.ts';

const BLOCKS = 2_100;
const ADDED = 70;
const paragraphs = Array.from({ length: BLOCKS }, (_, at) => `Paragraph ${String(at)} of many.`);

/** Blocks that the browser lays out now. */
function laidOut(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      [...document.querySelectorAll('#a .page-text > *')].filter((block) =>
        block.checkVisibility({ contentVisibilityAuto: true }),
      ).length,
  );
}

async function fill(page: Page, blocks: readonly string[]): Promise<void> {
  await page.evaluate((markdown) => window.__harness.fill(markdown), blocks.join('\n\n'));
}

/** The first line with these words. */
async function lineOf(side: Side, words: string): Promise<{ readonly at: number; readonly line: string | undefined }> {
  const lines = await side.lines();
  const at = lines.findIndex((line) => line.includes(words));
  return { at, line: lines[at] };
}

test('[W25] [LG1] [LG5] only what is in sight and around the caret is laid out, and all of it on paper', async ({
  page,
  a,
}) => {
  await fill(page, paragraphs);
  await a.focusStart();
  await expect.poll(() => laidOut(page)).toBeLessThan(600);
  expect(await laidOut(page)).toBeGreaterThan(20);
  await page.keyboard.type('first ');
  // What another writes far from there is stored, and lays nothing out.
  await page.evaluate((length) => window.__harness.body('b').insert(length, ' behind'), await lengthOf(page));
  await expect
    .poll(async () => (await a.shown()).at(-1))
    .toBe(`paragraph Paragraph ${String(BLOCKS - 1)} of many. behind`);
  expect(await laidOut(page)).toBeLessThan(600);
  await page.emulateMedia({ media: 'print' });
  await expect.poll(() => laidOut(page)).toBe(BLOCKS);
  await page.emulateMedia({ media: 'screen' });
  await expect.poll(() => laidOut(page)).toBeLessThan(600);
  // A screen reader hears of nothing that is not laid out: who uses one asks for all of it (LG5).
  await page.evaluate(() => (document.documentElement.dataset['pages'] = 'whole'));
  await expect.poll(() => laidOut(page)).toBe(BLOCKS);
});

function lengthOf(page: Page): Promise<number> {
  return page.evaluate(() => window.__harness.body('b').length);
}

/** The words at about this height of the left page; one of three places is no margin between two blocks. */
function blockAt(page: Page, top: number): Promise<string> {
  return page.evaluate((top) => {
    const blocks = [0, 10, 20].map((more) => document.elementFromPoint(120, top + more)?.closest('.block'));
    return blocks.find((block) => block)?.textContent ?? '';
  }, top);
}

test('[W25] [LG2] keys go to where the caret is, in sight or not', async ({ page, a }) => {
  await fill(page, [...paragraphs.slice(0, 1_500), '# Far below', ...paragraphs.slice(1_500)]);
  await a.focusStart();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('!');
  expect((await a.lines()).at(-1)).toBe(`paragraph Paragraph ${String(BLOCKS - 1)} of many.!`);
  await page.keyboard.press('Control+Home');
  await page.keyboard.type('top ');
  expect((await a.lines())[0]).toBe('paragraph top Paragraph 0 of many.');

  // To a place that was never laid out, and a key at once.
  await page.evaluate(() => window.__harness.a.editor.goTo('Far below'));
  await page.keyboard.type('Not so ');
  expect((await lineOf(a, 'Far below')).line).toBe('h1 Not so Far below');
  await expect(a.text.getByText('Not so Far below')).toBeInViewport();

  // Down over the borders of two groups, and back by as many. The mark of where one went is taken away first: that draws anew.
  await expect(a.text.locator('.revealed')).toHaveCount(0);
  await page.keyboard.press('Home');
  for (let step = 0; step < 130; step += 1) await page.keyboard.press('ArrowDown');
  await page.keyboard.type('down ');
  expect((await lineOf(a, 'down')).line).toBe('paragraph down Paragraph 1629 of many.');
  await expect(a.text.getByText('down Paragraph')).toBeInViewport();
  for (let step = 0; step < 130; step += 1) await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Home');
  await page.keyboard.type('Up ');
  expect((await lineOf(a, 'Far below')).line).toBe('h1 Up Not so Far below');

  // To where the wheel leads, and a press there.
  await page.mouse.move(200, 300);
  await page.mouse.wheel(0, 9_000);
  await expect(a.text.getByText('Up Not so Far below')).not.toBeInViewport();
  // What a jump brings into sight is drawn with the frame after the next.
  let met = '';
  await expect.poll(async () => (met = await blockAt(page, 300))).not.toBe('');
  await a.text.getByText(met, { exact: true }).click();
  await page.evaluate(() => window.__harness.a.editor.binding.stopCapturing());
  await page.keyboard.press('End');
  await page.keyboard.type(' pressed');
  expect((await lineOf(a, 'pressed')).line).toBe(`paragraph ${met} pressed`);

  // What is taken back stands in sight again, wherever that was.
  await page.keyboard.press('Control+Home');
  await expect(a.block(0)).toBeInViewport();
  await page.keyboard.press('Control+z');
  await expect(a.text.getByText(met, { exact: true })).toBeInViewport();
});

test('[W25] [LG3] new paragraphs stand in their order, however many, and a selection goes over groups', async ({
  page,
  a,
}) => {
  await fill(page, paragraphs);
  await a.select(40, 0);
  // More than a group takes.
  for (let at = 0; at < ADDED; at += 1) {
    await page.keyboard.type(String(at));
    await page.keyboard.press('Enter');
  }
  expect((await a.shown()).slice(40, 40 + ADDED)).toEqual(
    Array.from({ length: ADDED }, (_, at) => `paragraph ${String(at)}`),
  );
  const tops = await a.text.evaluate((text) =>
    [...text.children].slice(0, 160).map((block) => block.getBoundingClientRect().top),
  );
  expect(tops).toEqual([...tops].sort((x, y) => x - y));
  expect(new Set(tops).size).toBe(160);
  await a.select(41, 0);
  await page.keyboard.press('Control+Shift+End');
  const selected = await page.evaluate(() => {
    const { doc, selection } = window.__harness.a.editor.state;
    return { first: selection.$from.index(0), rest: doc.content.size - 1 - selection.to };
  });
  expect(selected).toEqual({ first: 41, rest: 0 });
});

test('[W25] [LG3] whatever comes, goes and moves, the groups hold all blocks in their order, and an Enter looks at the groups around it alone', async ({
  page,
  a,
}) => {
  await fill(page, paragraphs);
  await a.select(700, 5);
  // All children of the text are asked for where all of them are looked at.
  await page.evaluate(() => {
    const text = document.querySelector<HTMLElement>('#a .page-text');
    const all = Object.getOwnPropertyDescriptor(Node.prototype, 'childNodes');
    if (!text || !all) throw new Error('no text');
    const { dataset } = text;
    dataset['looks'] = '0';
    Object.defineProperty(text, 'childNodes', {
      configurable: true,
      get(this: Node): unknown {
        dataset['looks'] = String(Number(dataset['looks']) + 1);
        return all.get?.call(this);
      },
    });
  });
  for (let at = 0; at < 5; at += 1) await page.keyboard.press('Enter');
  await page.keyboard.press('Backspace');
  await expect(a.text).toHaveAttribute('data-looks', '0');
  expect(await a.shown()).toEqual(await a.lines());

  const seed = Number(process.env['CARAVAN_SEED'] ?? 4);
  const wrong = await page.evaluate((seed) => {
    const { editor } = window.__harness.a;
    const { dom } = editor;
    let random = seed;
    const below = (end: number): number => {
      random = (random * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((random / 2_147_483_648) * end);
    };
    const startOf = (index: number): number => {
      let at = 0;
      for (let before = 0; before < index; before += 1) at += editor.state.doc.child(before).nodeSize;
      return at;
    };
    const ids = (from: number, count: number): string[] =>
      editor.state.doc.content.content.slice(from, from + count).map(({ attrs }) => String(attrs['id']));
    const steps: Record<string, () => void> = {
      split: () => {
        const at = startOf(below(editor.state.doc.childCount)) + 1;
        editor.run((state, dispatch) => (dispatch?.(state.tr.split(at)), true));
      },
      remove: () => {
        const first = below(editor.state.doc.childCount - 200);
        const [from, to] = [startOf(first), startOf(first + 1 + below(below(2) === 0 ? 4 : 160))];
        editor.run((state, dispatch) => (dispatch?.(state.tr.delete(from, to)), true));
      },
      move: () => {
        const count = editor.state.doc.childCount;
        editor.binding.move(ids(below(count - 100), 1 + below(below(2) === 0 ? 3 : 90)), below(count));
      },
      back: () => void editor.undo(),
    };
    const names = Object.keys(steps);
    for (let at = 0; at < 60; at += 1) {
      const name = names[below(names.length)] ?? '';
      editor.binding.stopCapturing();
      steps[name]?.();
      const groups = [...(dom.shadowRoot?.querySelectorAll('slot') ?? [])].map((slot) => slot.assignedNodes());
      const sizes = groups.map(({ length }) => length);
      const held = groups.flat();
      const isRight =
        held.length === dom.childNodes.length && held.every((node, index) => node === dom.children[index]);
      if (!isRight) return `step ${String(at)}, ${name}: ${String(held.length)} of ${String(dom.children.length)}`;
      if (Math.max(...sizes) > 128 || Math.min(...sizes) < 1) return `step ${String(at)}, ${name}: ${sizes.join(' ')}`;
    }
    return null;
  }, seed);
  expect(wrong, `seed ${String(seed)}`).toBeNull();
  expect(await a.shown()).toEqual(await a.lines());
});

test('[W25] [LG4] what is folded takes no room, and blocks stand as far apart as on a short page', async ({
  page,
  a,
}) => {
  const mixed = Array.from({ length: 40 }, (_, at) => [
    `## Part ${String(at)}`,
    'A paragraph.',
    '- one\n- two',
    '> quoted',
    'Another one.',
    '```\ncode\n```',
    '---',
    '1. first\n2. second',
  ]).flat();
  const heights = (): Promise<number[]> =>
    a.text.evaluate((text) => {
      const tops = [...text.children].slice(0, 300).map((block) => Math.round(block.getBoundingClientRect().top));
      return tops.map((top, index) => top - (tops[index - 1] ?? top));
    });
  await fill(page, mixed);
  const short = await heights();
  await page.reload();
  await page.waitForFunction(() => '__harness' in window);
  await fill(page, [...mixed, '# Second', ...paragraphs]);
  // Laid out piece by piece: all of these are to be measured.
  for (let at = 0; at < 6; at += 1) {
    await page.evaluate((block) => window.__harness.a.editor.showPosition(block), 600 * at);
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  }
  const long = await heights();
  expect(short.length).toBe(300);
  expect(long).toEqual(short);

  const height = (): Promise<number> => a.text.evaluate((text) => text.scrollHeight);
  const before = await height();
  const { at } = await lineOf(a, 'Second');
  await a.select(at, 0);
  await page.keyboard.press('Control+Enter');
  await expect.poll(height).toBeLessThan(before / 3);
  await page.keyboard.press('Control+Enter');
  await expect.poll(height).toBeGreaterThan(before / 2);
});
