// Pictures and files in a page, in real windows: pasted, dropped, sized, offline and later at the other; and hostile ones, which never run.
import { expect as anywhere, test as base, type Locator, type Page } from '@playwright/test';
import { expect, test, type App } from './app-window.ts';
import { giveTo, png, type Given } from './given-files.ts';
import { Stage } from './journey/stage.ts';
import { axeOn } from './sound-look.ts';

/** As a browser gives what is pasted or dropped: an event with files, at the page's text. */
const give = (page: Page, how: 'paste' | 'drop', files: readonly Given[]) =>
  giveTo(page.getByRole('textbox', { name: 'Page text' }), how, files);

const pictures = (page: Page) => page.getByRole('textbox', { name: 'Page text' }).locator('[data-kind="image"]');
const cards = (page: Page) => page.getByRole('textbox', { name: 'Page text' }).locator('[data-kind="file"]');

async function begin(app: App, title = 'Dish'): Promise<void> {
  await app.firstRun();
  await app.newPage(title);
  await app.page.keyboard.press('Enter');
  await expect(app.text).toBeFocused();
}

test('[W7] a pasted picture shows at once with its size, is described, resized by keys, shown large, and is there after a kill', async ({
  app,
}) => {
  await begin(app);
  await app.page.keyboard.type('Before');
  await give(app.page, 'paste', [{ name: 'mast.png', type: 'image/png', bytes: png(800, 400) }]);
  const image = pictures(app.page).getByRole('img');
  await expect(image).toBeVisible();
  await expect.poll(() => image.evaluate((one: HTMLImageElement) => one.naturalWidth)).toBe(800);
  await expect(image).toHaveAttribute('alt', 'mast.png');

  await image.click();
  const description = app.page.getByLabel('Description of the picture');
  await description.fill('The mast from the north');
  await description.press('Enter');
  await expect(image).toHaveAttribute('alt', 'The mast from the north');
  const width = app.page.getByRole('slider', { name: 'Width of mast.png' });
  const before = Number(await width.getAttribute('aria-valuenow'));
  await width.press('ArrowLeft');
  await expect(width).toHaveAttribute('aria-valuenow', String(before - 16));
  await width.press('ArrowLeft');
  await expect.poll(async () => Math.round((await image.boundingBox())!.width)).toBe(before - 32);

  const found = await axeOn(app.page).include('.page-text').analyze();
  expect(found.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);

  await app.page.getByRole('button', { name: 'Show large' }).click();
  await expect(app.page.getByRole('dialog', { name: 'The mast from the north' })).toBeVisible();
  await app.page.keyboard.press('Escape');
  await expect(app.page.getByRole('dialog')).toHaveCount(0);

  await expect(app.status).toHaveAccessibleName(/Saved here/);
  await app.killHost();
  await app.startHost();
  await app.page.reload();
  await app.open();
  await app.visit('Dish');
  await expect(pictures(app.page).getByRole('img')).toHaveAttribute('alt', 'The mast from the north');
  await expect
    .poll(() =>
      pictures(app.page)
        .getByRole('img')
        .evaluate((one: HTMLImageElement) => one.naturalWidth),
    )
    .toBe(800);
});

test('[W7][AT6][BS13] a photograph is drawn by a small copy, which is there after a reload, and shown large as a whole', async ({
  app,
}) => {
  await begin(app);
  await give(app.page, 'paste', [{ name: 'photo.png', type: 'image/png', bytes: png(4000, 3000) }]);
  const image = pictures(app.page).getByRole('img');
  const points = (of: Locator) => of.evaluate((one: HTMLImageElement) => one.naturalWidth);
  await expect.poll(() => points(image)).toBe(1440);
  await image.dblclick();
  await expect.poll(() => points(app.page.getByRole('dialog', { name: 'photo.png' }).getByRole('img'))).toBe(4000);
  await app.page.keyboard.press('Escape');
  await expect(app.page.getByRole('dialog')).toHaveCount(0);
  await expect(app.status).toHaveAccessibleName(/Saved here/);
  await expect
    .poll(async () => (await app.call('disk.use', {})).map(({ what }) => what))
    .toContain('Small copies of pictures');
  const whole: string[] = [];
  app.page.on('request', (request) => request.url().includes('/blob/') && whole.push(request.url()));
  await app.page.reload();
  await expect.poll(() => points(image)).toBe(1440);
  expect(whole).toEqual([]);
});

test('[W7] a dropped file is a card with name and size, and its copy has the same bytes; undo takes it back', async ({
  app,
}) => {
  await begin(app);
  await app.page.keyboard.type('Read this');
  const bytes = Buffer.from('%PDF-1.7 nothing to run');
  await give(app.page, 'drop', [{ name: 'Übersicht (1).pdf', type: 'application/pdf', bytes }]);
  await expect(cards(app.page)).toContainText('Übersicht (1).pdf');
  await expect(cards(app.page)).toContainText('23 B');
  const [download] = await Promise.all([
    app.page.waitForEvent('download'),
    app.page.getByRole('button', { name: 'Save a copy of Übersicht (1).pdf' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('Übersicht (1).pdf');
  const stream = await download.createReadStream();
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  expect(Buffer.concat(parts).equals(bytes)).toBe(true);
  await app.text.getByText('Read this').click();
  await app.page.keyboard.press('Control+z');
  await expect(cards(app.page)).toHaveCount(0);
  await app.page.keyboard.press('Control+Shift+z');
  await expect(cards(app.page)).toHaveCount(1);
});

test('[W7] the slash menu picks a file by keyboard', async ({ app }) => {
  await begin(app);
  // Asked for before the keys: the browser takes a moment until it hands choosers over.
  const opened = app.page.waitForEvent('filechooser');
  await app.page.keyboard.type('/image');
  await expect(app.page.getByRole('option', { name: 'Image' })).toBeVisible();
  await app.page.keyboard.press('Enter');
  const chooser = await opened;
  await chooser.setFiles({ name: 'one.png', mimeType: 'image/png', buffer: png(40, 40) });
  await expect(pictures(app.page).getByRole('img')).toBeVisible();
});

test('[W7] hostile files are inert: SVG and HTML with scripts, HTML that is called a picture, a bomb of points, names that lead away', async ({
  app,
}) => {
  await begin(app);
  const called: string[] = [];
  app.page.on('dialog', (dialog) => {
    called.push(dialog.message());
    void dialog.dismiss();
  });
  const script = '<script>alert("ran"); document.title = "ran"; fetch("/v1/session")</script>';
  await give(app.page, 'paste', [
    {
      name: 'logo.svg',
      type: 'image/svg+xml',
      bytes: Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">${script}</svg>`),
    },
    { name: 'photo.png', type: 'image/png', bytes: Buffer.from(`<!doctype html>${script}`) },
    { name: 'bomb.png', type: 'image/png', bytes: png(10_000, 10_000) },
    { name: '../../etc/\u202egnp.exe\u0007', type: 'image/png', bytes: Buffer.from('MZ') },
  ]);
  await expect(cards(app.page)).toHaveCount(4);
  await expect(pictures(app.page)).toHaveCount(0);
  await expect(app.text.locator('img, iframe, object, embed, svg script')).toHaveCount(0);
  const names = await cards(app.page).locator('.name').allTextContents();
  expect(names).toEqual(['logo.svg', 'photo.png', 'bomb.png', 'gnp.exe']);

  const { workspaces } = await app.call('hello', {});
  const workspace = workspaces[0]!.id;
  const [page] = await app.call('doc.list', { workspace });
  const shown = await app.call('doc.show', { workspace, document: page!.id });
  const blocks = shown['blocks'] as { props?: { name: string; blob: string } }[];
  const blob = blocks.find(({ props }) => props?.name === 'photo.png')?.props?.blob ?? '';
  const address = `/blob/${workspace}/${page!.space}/${blob}`;
  // Opened by its address it is a download under a sandbox, in a window of its own as well.
  const answer = await app.page.evaluate(async (url) => {
    const response = await fetch(url);
    return [
      response.headers.get('content-type'),
      response.headers.get('content-security-policy'),
      response.headers.get('content-disposition'),
    ];
  }, address);
  expect(answer).toEqual(['application/octet-stream', "default-src 'none'; sandbox", 'attachment']);
  await app.page.evaluate((url) => {
    const frame = document.createElement('iframe');
    frame.src = url;
    document.body.append(frame);
    const image = document.createElement('img');
    image.src = frame.src;
    document.body.append(image);
  }, address);

  expect(JSON.stringify(shown)).not.toMatch(/\u202e|\.\.\//);
  await app.page.reload();
  await expect(cards(app.page)).toHaveCount(4);
  expect(called).toEqual([]);
  expect(await app.page.title()).not.toBe('ran');
});

test('[X10] what cannot be taken is said in words, and the page is as it was', async ({ app }) => {
  await begin(app);
  await app.page.keyboard.type('Words');
  await app.text.evaluate((text) => {
    const data = new DataTransfer();
    const file = new File(['x'], 'film.mp4', { type: 'video/mp4' });
    Object.defineProperty(file, 'size', { value: 300 * 1024 * 1024 });
    data.items.add(file);
    Object.defineProperty(data, 'files', { value: [file] });
    text.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  });
  await expect(app.page.getByText(/film\.mp4: A file may have at most 256 MiB\. It was not taken/)).toBeVisible();
  await expect(cards(app.page)).toHaveCount(0);
  await expect(app.text.locator('.adding-file')).toHaveCount(0);
  await expect(app.text).toHaveText('Words');
});

base.describe('two people', () => {
  const stage = new Stage();
  base.afterEach(() => stage.clear());

  base(
    '[W7] [X8] a picture that one pastes offline shows there at once, and at the other as a card until it arrives',
    async ({ browser }) => {
      base.setTimeout(120_000);
      const [ana, bo] = await stage.pair(browser);
      await ana.newPage('Everyone', 'Dish');
      await ana.window.keyboard.type('The mast');
      await bo.open('Dish');
      await anywhere(bo.text).toContainText('The mast');

      await stage.stopRelay();
      await give(ana.window, 'paste', [{ name: 'mast.png', type: 'image/png', bytes: png(600, 300) }]);
      await anywhere(pictures(ana.window).getByRole('img')).toBeVisible();
      await anywhere(ana.status).toHaveAccessibleName(/Saved here, Offline since .*waiting/);
      await stage.startRelay();
      const image = pictures(bo.window).getByRole('img');
      await anywhere(image).toBeVisible({ timeout: 45_000 });
      await anywhere.poll(() => image.evaluate((one: HTMLImageElement) => one.naturalWidth)).toBe(600);
      await anywhere(ana.status).toHaveAccessibleName(/Saved here, On relay/);
    },
  );
});
