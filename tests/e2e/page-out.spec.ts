// What leaves a page: paper and PDF with all of it, Markdown for the clipboard, an export with the pages below that comes in again equal.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { expect, test, type App } from './app-window.ts';
import { caravan } from './journey/programs.ts';

/** One point, black. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==',
  'base64',
);
const COLUMNS = Array.from({ length: 14 }, (_, at) => `Column ${at}`);
const FILES: Readonly<Record<string, string | Buffer>> = {
  'Dish/index.md': [
    '# Dish alignment',
    'See [Wind](Wind.md) and [the plan](files/plan.pdf).',
    '![The mast](files/mast.png)',
    '## Steps',
    '- ▸ Before the wind comes\n  - Folded words',
    '1. First\n2. Second',
    '> [!NOTE]\n> Stay within the track.',
    `| ${COLUMNS.join(' | ')} |\n|${' --- |'.repeat(14)}\n| ${COLUMNS.map((name) => `${name} holds_a_long_name_without_a_gap`).join(' | ')} |`,
    `\`\`\`js\nconst line = '${'long '.repeat(60)}';\nconst word = '${'x'.repeat(300)}';\n\`\`\``,
    ...Array.from({ length: 60 }, (_, at) => `Paragraph ${at}: ${'the wind moves the mast. '.repeat(6).trim()}`),
    'The last words.',
  ].join('\n\n'),
  'Dish/Wind.md': '# Wind\n\nBack to [Dish alignment](index.md).\n\n![](files/mast.png)',
  'Dish/Wind/Gusts.md': '# Gusts\n\n- [x] Measured\n- [ ] Written down',
  'Dish/files/plan.pdf': '%PDF-1.7 words',
  'Dish/files/mast.png': PNG,
};

async function written(folder: string): Promise<string> {
  const root = join(folder, 'notes');
  for (const [name, content] of Object.entries(FILES)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), content);
  }
  return root;
}

async function begin(app: App, folder: string): Promise<string> {
  await app.firstRun();
  await caravan(app.data, 'import', 'markdown', await written(folder), '--space', 'Everyone');
  await app.visit('Dish alignment');
  await expect(app.text).toContainText('The last words.');
  return (await app.call('hello', {})).workspaces[0]!.id;
}

test('[W24] on paper and in a PDF stands the whole page: folded text opened, tables and code within the sheet, light, nothing of the app', async ({
  app,
  folder,
}) => {
  const { page } = app;
  await begin(app, folder);
  const folded = app.text.getByText('Folded words');
  await app.text.getByText('Before the wind comes').click();
  await page.keyboard.press('Control+Enter');
  await expect(folded).toBeHidden();
  await page.keyboard.press('Control+Alt+o');
  await expect(page.getByRole('complementary')).toBeVisible();

  // A4 between its margins, at 96 points an inch.
  await page.setViewportSize({ width: 658, height: 987 });
  await page.evaluate(() => (document.documentElement.dataset['theme'] = 'dark'));
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  await expect(page.getByRole('heading', { name: 'Dish alignment' })).toBeVisible();
  await expect(folded).toBeVisible();
  const shown = await page.evaluate(() => {
    const text = document.querySelector('.page-text')!;
    const clipping: string[] = [];
    for (let element: Element | null = text; element; element = element.parentElement) {
      const { overflow, height } = getComputedStyle(element);
      if (overflow !== 'visible' || parseFloat(height) < text.clientHeight) clipping.push(element.className);
    }
    const cut = [...text.querySelectorAll('*')].filter((element) => {
      const { left, right } = element.getBoundingClientRect();
      const clips = getComputedStyle(element).overflowX !== 'visible';
      return left < -1 || right > innerWidth + 1 || (clips && element.scrollWidth > element.clientWidth + 1);
    });
    const chrome = ['nav', 'header', 'aside', 'button', 'textarea', '[role="toolbar"]', '[role="dialog"]', '.tools'];
    return {
      clipping,
      cut: cut.map((element) => element.outerHTML.slice(0, 80)),
      chrome: [...document.querySelectorAll<HTMLElement>(chrome.join())]
        .filter((element) => element.checkVisibility({ visibilityProperty: true }) && element.clientWidth > 0)
        .map((element) => element.outerHTML.slice(0, 120)),
      ink: getComputedStyle(text).color,
      paper: getComputedStyle(document.body).backgroundColor,
      sheets: document.documentElement.scrollHeight / innerHeight,
    };
  });
  expect(shown).toMatchObject({ clipping: [], cut: [], chrome: [], ink: 'rgb(36, 33, 28)', paper: 'rgba(0, 0, 0, 0)' });
  const pdf = (await page.pdf({ format: 'A4', preferCSSPageSize: true })).toString('latin1');
  const sheets = pdf.match(/\/Type\s*\/Page\b/g)?.length ?? 0;
  expect(shown.sheets).toBeGreaterThan(3);
  expect(sheets).toBeGreaterThanOrEqual(Math.floor(shown.sheets));
  expect(sheets).toBeLessThanOrEqual(Math.ceil(shown.sheets) + 2);
  await page.emulateMedia({ media: 'screen' });
  await expect(folded).toBeHidden();
});

test('[W24] [I2] copied as Markdown, and exported with the pages below: folders, attachments beside, and equal when imported again', async ({
  app,
  folder,
}) => {
  const { page } = app;
  const workspace = await begin(app, folder);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.keyboard.press('Control+Alt+c');
  await expect(page.getByText(/Copied/)).toBeVisible();
  const markdown = await page.evaluate(() => navigator.clipboard.readText());
  expect(markdown.slice(0, 200)).toMatch(/^# Dish alignment\n\nSee \[Wind\]\(caravan:\/\/page#/);
  expect(markdown.slice(0, 2_000)).toContain('- ▸ Before the wind comes\n  - Folded words\n');
  expect(markdown.slice(-100)).toMatch(/\n\nThe last words\.\n?$/);

  await page.getByRole('button', { name: 'More for this page' }).click();
  const coming = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Export with the pages below…' }).click();
  const download = await coming;
  expect(download.suggestedFilename()).toBe('Dish alignment.zip');
  const files = unzipSync(await readFile(await download.path()));
  const names = Object.keys(files).filter((name) => !name.startsWith('.'));
  expect(names.sort()).toEqual([
    'Dish/Wind/Gusts.md',
    'Dish/Wind/index.md',
    'Dish/index.md',
    'assets/mast.png',
    'assets/plan.pdf',
  ]);
  expect(Buffer.from(files['assets/mast.png']!).equals(PNG)).toBe(true);
  const out = join(folder, 'out');
  for (const [name, bytes] of Object.entries(files)) {
    await mkdir(dirname(join(out, name)), { recursive: true });
    await writeFile(join(out, name), bytes);
  }
  await caravan(app.data, 'space', 'create', 'Again');
  await caravan(app.data, 'import', 'markdown', out, '--space', 'Again');
  const spaces = await app.call('space.list', { workspace });
  const contents = await Promise.all(
    ['Everyone', 'Again'].map(async (name) => {
      const space = spaces.find((one) => one.name === name)!.id;
      const entries = await app.call('doc.list', { workspace, space });
      const ids = new Map(entries.map(({ id, title }) => [id, title]));
      const pages = await Promise.all(
        entries.map(async ({ id, parent, title }) => {
          const { blocks } = await app.call('doc.show', { workspace, document: id });
          const plain = (blocks as { id: string }[]).map(({ id: _id, ...rest }) => rest);
          const text = [...ids].reduce((all, [one, named]) => all.replaceAll(one, named), JSON.stringify(plain));
          return { title, parent: ids.get(parent ?? '') ?? null, blocks: JSON.parse(text) as unknown };
        }),
      );
      return pages.sort((a, b) => (a.title < b.title ? -1 : 1));
    }),
  );
  expect(contents[0]).toHaveLength(3);
  expect(contents[1]).toEqual(contents[0]);
});
