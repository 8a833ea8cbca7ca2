// The picture of what is not here before somebody leaves, for docs/screenshots: a colleague's files are lost from this computer, and one looks before the train. How a picture is made, its caller says.
/* global location -- a function that runs in the window */
import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';

/** @typedef {import('@playwright/test').Page} Page */

/**
 * @typedef {object} Journey
 * @property {(page: Page, call: string, params: unknown) => Promise<any>} ask
 * @property {(page: Page, name: string) => Promise<void>} pictures
 */

const NOTE =
  '# Second site on the coast\n\nWhat we heard on Tuesday, and the survey of the hill.\n\n[waterfall-2026-11-17.wav](waterfall-2026-11-17.wav)\n\n[site-survey.pdf](site-survey.pdf)\n';

/**
 * @param {Journey} journey @param {Page} page who leaves @param {Page} other who has the files
 * @param {string} workspace @param {string} space @param {string} blobs where the files of who leaves lie
 */
export async function travelPictures({ ask, pictures }, page, other, workspace, space, blobs) {
  /** @param {string} start @param {number} size */
  const put = async (start, size) => {
    const bytes = Buffer.concat([Buffer.from(start, 'latin1'), Buffer.alloc(size - start.length, 5)]);
    const { upload } = await ask(other, 'blob.begin', { workspace, space, size });
    for (let at = 0; at < size; at += 1_000_000) {
      await ask(other, 'blob.append', { upload, base64: bytes.subarray(at, at + 1_000_000).toString('base64') });
    }
    return ask(other, 'blob.finish', { upload });
  };
  const sound = await put('RIFF\0\0\0\0WAVE', 7_400_000);
  const survey = await put('%PDF-1.7\n', 610_000);
  await ask(other, 'import.files', {
    workspace,
    space,
    files: [{ path: 'Second site on the coast.md', text: NOTE }],
    assets: [
      { path: 'waterfall-2026-11-17.wav', blob: sound.blob },
      { path: 'site-survey.pdf', blob: survey.blob },
    ],
  });
  const check = () => ask(page, 'travel.check', { workspace });
  /** @param {() => Promise<boolean>} holds */
  const until = async (holds) => {
    while (!(await holds())) await page.waitForTimeout(100);
  };
  await page.getByRole('treeitem', { name: 'Second site on the coast' }).waitFor();
  await until(async () => (await check()).ready);
  await ask(page, 'links.rehearse', { on: true });
  for (const { blob } of [sound, survey]) {
    for (const name of readdirSync(blobs)) rmSync(path.join(blobs, name, blob), { force: true });
  }
  await check();
  await ask(page, 'travel.pause', { workspace });
  await ask(page, 'links.rehearse', { on: false });
  await until(async () => {
    const { known, reading } = await check();
    return known.how === 'now' && !reading;
  });
  await page.evaluate((hash) => (location.hash = hash), `#/w/${workspace}/travel`);
  await page.getByRole('heading', { name: /^Nearly ready/ }).waitFor();
  await page
    .getByRole('button', { name: /^Fetch .*, paused$/ })
    .first()
    .waitFor();
  await pictures(page, 'travel');
  await page.getByRole('button', { name: 'Fetch all' }).click();
  await page.getByRole('heading', { name: 'Ready for travel' }).waitFor();
}
