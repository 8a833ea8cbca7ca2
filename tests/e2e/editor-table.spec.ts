// Tables in the page's editor: writing in cells, keys, handles, menus, selections of cells, and what others do at the same time. One file, for all of it begins with one table.
import type { Page } from '@playwright/test';
import { expect, test, type Side } from './editor-fixture.ts';

const TWO_BY_TWO = 'above\n\n| Name | Age |\n|---|--:|\n| Ana | 41 |\n\nbelow';

function cells(side: Side): Promise<string[]> {
  return side.page.evaluate((name) => window.__harness.cells(name), side.name);
}

async function expectCells(side: Side, wanted: string[]): Promise<void> {
  await expect.poll(() => cells(side)).toEqual(wanted);
  const shown = () =>
    side.text.locator('table tr').evaluateAll((rows) =>
      rows.map((row) =>
        [...row.children]
          .map((cell) =>
            [...cell.querySelectorAll('.cell-text')]
              .map((text) => {
                const copy = text.cloneNode(true) as Element;
                for (const caret of copy.querySelectorAll('.remote-caret')) caret.remove();
                for (const box of copy.querySelectorAll('.check-box')) {
                  box.textContent = box.getAttribute('aria-checked') === 'true' ? '[x]' : '[ ]';
                }
                return copy.textContent;
              })
              .join('\n'),
          )
          .join('|'),
      ),
    );
  // The screen catches up a moment after a composition.
  await expect.poll(shown).toEqual(wanted);
}

function cell(side: Side, row: number, column: number) {
  return side.text.locator('table tr').nth(row).locator('td').nth(column);
}

async function fill(side: Side, markdown: string): Promise<void> {
  await side.page.evaluate((text) => window.__harness.fill(text), markdown);
  await expect(side.text.locator('table')).toBeVisible();
}

/** Presses an arrow until the caret stands at an offset: the editor reads the first ones after a focus late. */
async function arrowTo(page: Page, key: 'ArrowLeft' | 'ArrowRight', offset: number): Promise<void> {
  const offsetNow = (): Promise<number> => page.evaluate(() => getSelection()?.anchorOffset ?? -1);
  await expect(async () => {
    if ((await offsetNow()) !== offset) await page.keyboard.press(key);
    // A frame later the editor has heard of it.
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
    expect(await offsetNow()).toBe(offset);
  }).toPass();
}

test('[W3] [W11] the slash menu makes a table, and Tab goes through its cells and adds a row', async ({
  a,
  b,
  page,
}) => {
  await a.focusStart();
  await page.keyboard.type('/tab');
  await page.keyboard.press('Enter');
  await expect(a.text.locator('table')).toBeVisible();
  await page.keyboard.type('Name');
  await page.keyboard.press('Tab');
  await page.keyboard.type('Age');
  for (let count = 0; count < 7; count += 1) await page.keyboard.press('Tab');
  await page.keyboard.type('last');
  await page.keyboard.press('Tab');
  await page.keyboard.type('new');
  const wanted = ['Name|Age|', '||', '||last', 'new||'];
  await expectCells(a, wanted);
  await expectCells(b, wanted);
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.type('before');
  await expectCells(a, ['Name|Age|', '||', '||before', 'new||']);
});

test('[W11] arrows go in from the text, across the cells, and out again', async ({ a, page }) => {
  await fill(a, TWO_BY_TWO);
  await a.select(0, 5);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.type('1');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.type('2');
  await expectCells(a, ['1Name|Age', '2Ana|41']);
  await arrowTo(page, 'ArrowRight', 4);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.type('3');
  await expectCells(a, ['1Name|Age', '2Ana|341']);
  await page.keyboard.press('ArrowUp');
  await arrowTo(page, 'ArrowLeft', 0);
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.type('4');
  await expectCells(a, ['1Name4|Age', '2Ana|341']);
  await page.keyboard.press('ArrowUp');
  await page.keyboard.type('!');
  await expect.poll(() => a.lines()).toEqual(expect.arrayContaining(['paragraph above!']));
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.type('!');
  await expect.poll(() => a.lines()).toEqual(expect.arrayContaining(['paragraph !below']));
});

test('[W11] Enter goes down, Shift+Enter breaks the line, Escape takes the table as one block', async ({ a, page }) => {
  await fill(a, TWO_BY_TWO);
  await cell(a, 0, 0).click();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowDown');
  await arrowTo(page, 'ArrowRight', 4);
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('of whom');
  await page.keyboard.press('Enter');
  await page.keyboard.type('Bo');
  await expectCells(a, ['Name\nof whom|Age', 'Bo|41']);
  await page.keyboard.press('Escape');
  await expect(a.text.locator('.ProseMirror-selectednode')).toBeVisible();
  await page.keyboard.press('Enter');
  await page.keyboard.type('X');
  await expectCells(a, ['XName\nof whom|Age', 'Bo|41']);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Delete');
  await a.expectLines(['paragraph above', 'paragraph below']);
  await page.keyboard.press('Control+z');
  await expectCells(a, ['XName\nof whom|Age', 'Bo|41']);
});

async function menu(side: Side, label: string): Promise<void> {
  await side.page.evaluate(
    ([name, wanted]) => {
      const items = window.__harness[name].tableMenu?.groups.flat() ?? [];
      const item = items.find((one) => one.label === wanted);
      if (!item) throw new Error(`no ${wanted} among ${items.map((one) => one.label).join(', ')}`);
      item.run();
    },
    [side.name, label] as const,
  );
}

test('[W11] rows and columns are added, moved and deleted by menu and by keys, with one undo step each', async ({
  a,
  b,
  page,
}) => {
  await fill(a, TWO_BY_TWO);
  await cell(a, 1, 0).click();
  await page.keyboard.press('Alt+Enter');
  await menu(a, 'Row below');
  await page.keyboard.type('Bo');
  await page.keyboard.press('Alt+Enter');
  await menu(a, 'Column after');
  await page.keyboard.type('new');
  await expectCells(a, ['Name||Age', 'Ana||41', 'Bo|new|']);
  await page.keyboard.press('Alt+Shift+ArrowUp');
  await page.keyboard.press('Alt+Shift+ArrowRight');
  await expectCells(a, ['Name|Age|', 'Bo||new', 'Ana|41|']);
  expect(await page.evaluate(() => window.__harness.a.said)).toBe('Column moved, position 3 of 3');
  await page.keyboard.press('Alt+Enter');
  await menu(a, 'Delete column');
  await page.keyboard.press('Alt+Enter');
  await menu(a, 'Delete row');
  await expectCells(a, ['Name|Age', 'Ana|41']);
  for (const wanted of [
    ['Name|Age', 'Bo|', 'Ana|41'],
    ['Name|Age|', 'Bo||new', 'Ana|41|'],
    ['Name||Age', 'Bo|new|', 'Ana||41'],
    ['Name||Age', 'Ana||41', 'Bo|new|'],
  ]) {
    await page.keyboard.press('Control+z');
    await expectCells(a, wanted);
  }
  await page.keyboard.press('Control+y');
  await expectCells(b, ['Name||Age', 'Bo|new|', 'Ana||41']);
  await page.keyboard.press('Alt+Enter');
  await menu(a, 'Header row');
  await page.keyboard.press('Alt+Enter');
  await menu(a, 'Align centre');
  await expect(a.text.getByRole('columnheader')).toHaveCount(0);
  await expect(b.text.getByRole('columnheader')).toHaveCount(0);
  await page.keyboard.press('Alt+Enter');
  await menu(a, 'Wider');
  await expect(b.text.locator('col[style*="width"]')).toHaveCount(1);
});

test('[W11] handles open the menu and move rows and columns, edges set widths', async ({ a, page }) => {
  await fill(a, '| A | B | C |\n|---|---|---|\n| 1 | 2 | 3 |\n| 4 | 5 | 6 |');
  await cell(a, 2, 0).hover();
  const grip = (await a.text.locator('.row-handle').boundingBox())!;
  await page.mouse.move(grip.x + grip.width / 2, grip.y + grip.height / 2);
  await page.mouse.down();
  const first = (await cell(a, 1, 0).boundingBox())!;
  await page.mouse.move(first.x + 5, first.y + 2, { steps: 4 });
  await expect(a.text.locator('.table-drop')).toBeVisible();
  await page.mouse.up();
  await expectCells(a, ['A|B|C', '4|5|6', '1|2|3']);
  await cell(a, 0, 0).hover();
  const head = (await a.text.locator('.column-handle').boundingBox())!;
  await page.mouse.move(head.x + head.width / 2, head.y + head.height / 2);
  await page.mouse.down();
  const last = (await cell(a, 0, 2).boundingBox())!;
  await page.mouse.move(last.x + last.width - 4, last.y, { steps: 4 });
  await page.mouse.up();
  await expectCells(a, ['B|C|A', '5|6|4', '2|3|1']);
  await cell(a, 1, 1).hover();
  await a.text.locator('.row-handle').click();
  expect(await page.evaluate(() => window.__harness.a.tableMenu?.label)).toBe('Row');
  await expect(a.text.locator('td.selected')).toHaveCount(3);
  const edge = (await cell(a, 0, 0).boundingBox())!;
  await page.mouse.move(edge.x + edge.width - 1, edge.y + 8);
  await page.mouse.down();
  await page.mouse.move(edge.x + edge.width + 60, edge.y + 8, { steps: 3 });
  await page.mouse.up();
  await expect.poll(async () => (await cell(a, 0, 0).boundingBox())?.width ?? 0).toBeGreaterThan(edge.width + 30);
});

test('[W11] cells hold marks, links and boxes, and the toolbar works on text in a cell', async ({ a, b, page }) => {
  await fill(a, TWO_BY_TWO);
  await cell(a, 1, 0).click();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('**bold** `code` [] todo');
  await expectCells(b, ['Name|Age', 'bold code [ ] todo|41']);
  await expect(cell(b, 1, 0).locator('strong')).toHaveText('bold');
  await expect(cell(b, 1, 0).locator('code')).toHaveText('code');
  await page.keyboard.press('Control+Enter');
  await expect(cell(b, 1, 0).getByRole('checkbox')).toBeChecked();
  await cell(b, 1, 0).getByRole('checkbox').click();
  await expect(cell(a, 1, 0).getByRole('checkbox')).not.toBeChecked();
  await cell(a, 0, 0).click();
  await page.keyboard.press('Control+a');
  await expect.poll(() => page.evaluate(() => window.__harness.a.selection?.takesMarks)).toBe(true);
  await page.keyboard.press('Control+i');
  // Ana's caret stands at the end of the words.
  await expect(cell(b, 0, 0).locator('em')).toHaveText(/^Name/);
  // A box typed as letters comes back as letters by one undo.
  await cell(a, 0, 1).click();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('[x] ');
  await expect(cell(a, 0, 1).getByRole('checkbox')).toBeChecked();
  await page.keyboard.press('Control+z');
  await expectCells(a, ['Name|[x] ', 'bold code [ ] todo|41']);
});

async function paste(page: Page, flavours: Record<string, string>): Promise<void> {
  await page.evaluate((data) => {
    const clipboardData = new DataTransfer();
    for (const [type, text] of Object.entries(data)) clipboardData.setData(type, text);
    const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
    (document.activeElement ?? document.body).dispatchEvent(event);
  }, flavours);
}

function copied(page: Page, kind: 'copy' | 'cut' = 'copy'): Promise<Record<string, string>> {
  return page.evaluate((name) => {
    const clipboardData = new DataTransfer();
    const event = new ClipboardEvent(name, { clipboardData, bubbles: true, cancelable: true });
    (document.activeElement ?? document.body).dispatchEvent(event);
    return Object.fromEntries(clipboardData.types.map((type) => [type, clipboardData.getData(type)]));
  }, kind);
}

test('[W6] [W11] a spreadsheet range becomes a table on the page, and fills cells in a table', async ({ a, page }) => {
  await a.focusStart();
  await paste(page, { 'text/plain': 'Item\tPrice\r\n"a ""b"""\t3\r\n' });
  await expectCells(a, ['Item|Price', 'a "b"|3']);
  await expect(a.text.getByRole('columnheader')).toHaveCount(2);
  await cell(a, 1, 1).click();
  await paste(page, {
    'text/plain': '1\t2\n3\t4',
    'text/html': '<table><tr><td>1</td><td><b>2</b></td></tr><tr><td colspan="2">3</td></tr></table>',
  });
  await expectCells(a, ['Item|Price|', 'a "b"|1|2', '|3|']);
  await expect(cell(a, 1, 2).locator('strong')).toHaveText('2');
  await cell(a, 0, 0).click();
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Control+a');
  await paste(page, { 'text/plain': 'one line' });
  await expectCells(a, ['one line|Price|', 'a "b"|1|2', '|3|']);
});

test('[W11] several cells are selected by Shift and arrows and by the pointer, copied, cut and emptied', async ({
  a,
  page,
}) => {
  await fill(a, '| A | B | C |\n|---|---|---|\n| 1 | **2** | 3 |\n| 4 | 5 | 6 |');
  await cell(a, 1, 0).click();
  await page.keyboard.press('Shift+ArrowDown');
  await expect(a.text.locator('td.selected')).toHaveCount(2);
  await page.keyboard.press('Shift+ArrowRight');
  await expect(a.text.locator('td.selected')).toHaveCount(4);
  const data = await copied(page);
  expect(data['text/plain']).toBe('1\t2\n4\t5');
  expect(data['text/html']).toContain('<td><strong>2</strong></td>');
  await page.keyboard.press('Delete');
  await expectCells(a, ['A|B|C', '||3', '||6']);
  await page.keyboard.press('Control+z');
  await cell(a, 0, 1).hover();
  const from = (await cell(a, 0, 1).boundingBox())!;
  const to = (await cell(a, 2, 2).boundingBox())!;
  await page.mouse.move(from.x + 20, from.y + 10);
  await page.mouse.down();
  await page.mouse.move(to.x + 20, to.y + 10, { steps: 5 });
  await page.mouse.up();
  await expect(a.text.locator('td.selected')).toHaveCount(6);
  expect((await copied(page, 'cut'))['text/plain']).toBe('B\tC\n2\t3\n5\t6');
  await expectCells(a, ['A||', '1||', '4||']);
});

test('[W11] a table that is copied as a block, or duplicated, takes its cells along', async ({ a, page }) => {
  await fill(a, '| A | B |\n|---|---|\n| 1 | 2 |');
  await cell(a, 0, 0).click();
  await page.keyboard.press('Escape');
  const data = await copied(page);
  expect(data['text/plain']).toBe('A\tB\n1\t2');
  await page.keyboard.press('Control+d');
  await expect.poll(() => a.lines()).toEqual(['table A\tB\n1\t2', 'table A\tB\n1\t2']);
  await a.page.evaluate(() => window.__harness.a.editor.focusBelow());
  await paste(page, data);
  await expect.poll(() => a.lines()).toEqual(expect.arrayContaining([expect.stringContaining('table')]));
  await expect(a.text.locator('table')).toHaveCount(3);
  await expect(a.text.locator('table').nth(2).locator('td')).toHaveText(['A', 'B', '1', '2']);
});

test('[W11] [W16] what another types, adds and moves shows while I write in a cell, and their caret stands in theirs', async ({
  a,
  b,
  page,
}) => {
  await fill(a, TWO_BY_TWO);
  await cell(b, 1, 0).click();
  await page.keyboard.type('B');
  await cell(a, 0, 0).click();
  await page.keyboard.type('A');
  await expect(cell(b, 1, 0)).toContainText('B');
  // The other's caret waits at the place where they were last.
  await page.evaluate(() => {
    const { editor } = window.__harness.b;
    const { binding } = editor;
    const table = editor.state.doc.child(1).attrs['id'] as string;
    const cells = binding.marker(table)!.get('cells') as {
      values(): Iterable<{ toString(): string; insert(at: number, text: string): void }>;
    };
    for (const text of cells.values()) if (text.toString() === '41') binding.change(() => text.insert(2, ' years'));
  });
  await expectCells(a, ['NameA|Age', 'AnaB|41 years']);
  await page.keyboard.type('B');
  await expectCells(b, ['NameAB|Age', 'AnaB|41 years']);
  await expect(cell(b, 0, 0).locator('.remote-flag')).toHaveText('Ana');
  await cell(b, 0, 0).click();
  await expect(cell(b, 0, 0).locator('.remote-flag')).toHaveCount(0);
  await page.keyboard.type('C');
  await expect.poll(async () => (await cells(a))[0]).toBe('NameABC|Age');
});

test('[W26] [TB8] a row that another deletes while I type in it comes back with a note, and can be kept', async ({
  a,
  b,
  page,
}) => {
  await fill(a, TWO_BY_TWO);
  await page.evaluate(() => window.__harness.setOnline(false));
  await cell(b, 1, 0).click();
  await page.keyboard.press('Alt+Enter');
  await menu(b, 'Delete row');
  await expectCells(b, ['Name|Age']);
  await cell(a, 1, 0).click();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('Anna');
  await page.evaluate(() => window.__harness.setOnline(true));
  for (const side of [a, b]) {
    await expectCells(side, ['Name|Age', 'Anna|41']);
    await expect(side.text.locator('.table-note')).toContainText(
      'Row 2 is back: Ines deleted it while somebody typed in it.',
    );
  }
  await a.text.getByRole('button', { name: 'Keep the row' }).click();
  await expect(b.text.locator('.table-note')).toHaveCount(0);
  await expectCells(b, ['Name|Age', 'Anna|41']);
});

test('[W26] [TB5] [TB4] a cell that two people made apart shows the words of both, each in its own text', async ({
  a,
  b,
  page,
}) => {
  await fill(a, '| A |\n|---|\n| 1 |');
  await page.evaluate(() => window.__harness.setOnline(false));
  await cell(a, 1, 0).click();
  await page.keyboard.press('Alt+Enter');
  await menu(a, 'Row below');
  await cell(b, 1, 0).click();
  await page.keyboard.press('Alt+Enter');
  await menu(b, 'Column after');
  await page.evaluate(() => window.__harness.setOnline(true));
  await expectCells(a, ['A|', '1|', '|']);
  await page.evaluate(() => window.__harness.setOnline(false));
  await cell(a, 2, 1).click();
  await page.keyboard.type('mine');
  await cell(b, 2, 1).click();
  await page.keyboard.type('yours');
  await page.evaluate(() => window.__harness.setOnline(true));
  await expect.poll(async () => (await cells(a))[2]?.split('|')[1]?.split('\n').toSorted()).toEqual(['mine', 'yours']);
  expect(await cells(b)).toEqual(await cells(a));
  await expect(cell(a, 2, 1).locator('.cell-text')).toHaveCount(2);
  await expect(cell(b, 2, 1).locator('.cell-text')).toHaveCount(2);
  await page.keyboard.type('!');
  await expect.poll(async () => (await cells(a))[2]).toContain('yours!');
});

test('[W11] [X4] a table has roles and names, and scrolls inside itself', async ({ a, page }) => {
  const row = (words: string): string =>
    `|${Array.from({ length: 14 }, (_, at) => `${words}${String(at)}`).join('|')}|`;
  await fill(a, `${row('Heading number ')}\n|${'---|'.repeat(14)}\n${row('some words in cell ')}`);
  const table = a.text.getByRole('table', { name: 'Table, 14 columns, 2 rows' });
  await expect(table).toBeVisible();
  await expect(table.getByRole('columnheader')).toHaveCount(14);
  await expect(table.getByRole('cell')).toHaveCount(14);
  await cell(a, 1, 13).scrollIntoViewIfNeeded();
  await cell(a, 1, 13).click();
  await expect(a.text.getByRole('textbox', { name: 'Row 2, column 14, Heading number 13' })).toBeFocused();
  const widths = await page.evaluate(() => {
    const scroll = document.querySelector('#a .table-scroll')!;
    const main = document.querySelector('#a')!;
    return { inside: scroll.scrollWidth > scroll.clientWidth, outside: main.scrollWidth > main.clientWidth };
  });
  expect(widths).toEqual({ inside: true, outside: false });
});

test('[W15] a composition in a cell arrives once while another types in the same cell', async ({ a, b, page }) => {
  await fill(a, TWO_BY_TWO);
  const devtools = await page.context().newCDPSession(page);
  const compose = (text: string) =>
    devtools.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
  await cell(a, 1, 0).click();
  await compose('に');
  await page.evaluate(() => {
    const { editor } = window.__harness.b;
    const table = editor.state.doc.child(1).attrs['id'] as string;
    const texts = editor.binding.marker(table)!.get('cells') as {
      values(): Iterable<{ toString(): string; insert(at: number, text: string): void }>;
    };
    for (const text of texts.values()) {
      if (text.toString().startsWith('Ana')) editor.binding.change(() => text.insert(0, 'Dr '));
    }
  });
  await compose('にほ');
  await compose('日本');
  await devtools.send('Input.insertText', { text: '日本' });
  await expectCells(a, ['Name|Age', 'Dr Ana日本|41']);
  await expectCells(b, ['Name|Age', 'Dr Ana日本|41']);
});

test('[W13] words in cells are found in the order of the page, counted, and replaced as one step of undo', async ({
  page,
  a,
}) => {
  await fill(a, 'dish one\n\n| Name | Note |\n|---|---|\n| dish two | **dish** and dish |\n\nlast dish');
  const find = (words: string) =>
    page.evaluate((query) => window.__harness.a.editor.finder.search(query, false), words);
  const report = () => page.evaluate(() => window.__harness.a.found);
  const painted = () =>
    page.evaluate(() =>
      ['page-find-current', 'page-find'].map((name) =>
        [...(CSS.highlights.get(name) ?? [])].map((range) => {
          const { commonAncestorContainer: node } = range as Range;
          return `${String(range)} in ${(node.parentElement?.closest('td, .block') ?? node).textContent}`;
        }),
      ),
    );
  await a.focusStart();
  await find('dish');
  expect(await report()).toEqual({ count: 5, current: 1 });
  await page.evaluate(() => window.__harness.a.editor.finder.go(1));
  expect(await report()).toEqual({ count: 5, current: 2 });
  await expect
    .poll(painted)
    .toEqual([
      ['dish in dish two'],
      ['dish in dish one', 'dish in dish and dish', 'dish in dish and dish', 'dish in last dish'],
    ]);
  await page.evaluate(() => window.__harness.a.editor.finder.replace('mast'));
  await expectCells(a, ['Name|Note', 'mast two|dish and dish']);
  expect(await report()).toEqual({ count: 4, current: 2 });
  expect(await page.evaluate(() => window.__harness.a.editor.finder.replaceAll('mast'))).toBe(4);
  await a.expectLines(['paragraph mast one', 'table Name\tNote\nmast two\tmast and mast', 'paragraph last mast']);
  await expect(cell(a, 1, 1).locator('strong')).toHaveText('mast');
  await page.evaluate(() => window.__harness.a.editor.undo());
  await expectCells(a, ['Name|Note', 'mast two|dish and dish']);
  await find('two');
  await page.evaluate(() => window.__harness.a.editor.finder.enterTable());
  await page.keyboard.type('no. ');
  await expectCells(a, ['Name|Note', 'mast no. two|dish and dish']);
});
