// Who may enter, as people do it: three hosts and a closed relay as processes, one window each; and coming back with a key.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, type Browser } from '@playwright/test';
import { linkNow } from '../host-call.ts';
import { found, go, invite, joinBy, menuOf } from './access-steps.ts';
import { Person } from './person.ts';
import { registrationKey, startClosedRelay } from './programs.ts';
import { Stage } from './stage.ts';

const stage = new Stage();
const { folders, people } = stage;
test.afterEach(() => stage.clear());

async function newPerson(name: string, browser: Browser): Promise<Person> {
  const person = new Person(name, await folders.make(name.toLowerCase()), browser);
  people.push(person);
  await person.start();
  return person;
}

/** A workspace of one's own behind the relay, by the windows alone. */
async function founded(browser: Browser): Promise<{ mira: Person; url: string; relayData: string }> {
  const relayData = await folders.make('relay');
  stage.relay = await startClosedRelay(relayData, 0);
  const { url } = stage.relay;
  const key = await registrationKey(relayData);
  const mira = await newPerson('Mira', browser);
  await found(mira, url, key);
  return { mira, url, relayData };
}

test('[X6] [X10] a member joins by link, a guest by a picture of the code; roles and removals show at once, and to who was away', async ({
  browser,
}) => {
  test.setTimeout(240_000);
  const { mira, relayData } = await founded(browser);
  const port = Number(new URL(stage.relay!.url).port);
  let usedLink = '';

  const ana = await newPerson('Ana', browser);
  await test.step('[X6] the owner invites a member, who joins by the link and reads', async () => {
    await invite(mira.window, 'Member', 'Everyone');
    usedLink = await mira.window.getByLabel('Link', { exact: true }).inputValue();
    await mira.window.getByRole('button', { name: 'Done' }).click();
    await joinBy(ana, 'Ana Torres', (window) => window.getByLabel('The link of the invitation').fill(usedLink));
    await ana.open('Dish alignment');
    await expect(ana.text).toContainText('The encoder lies when it is cold.');
    await expect(mira.window.getByRole('list', { name: 'People' })).toContainText('Ana Torres');
  });

  const zoe = await newPerson('Zoe', browser);
  await test.step('[X10] a used link says so, and changes nothing', async () => {
    const { window } = zoe;
    await window.getByLabel('Your name').fill('Zoe Park');
    await window.getByRole('radio', { name: /Join a workspace/ }).check();
    await window.getByLabel('The link of the invitation').fill(usedLink);
    await window.getByRole('button', { name: 'Join', exact: true }).click();
    await expect(window.getByRole('alert')).toContainText('not good any more');
    await window.reload();
  });

  await test.step('a guest joins one space by a picture of the QR code, and sees nothing else', async () => {
    const { window } = mira;
    await go(window, 'Spaces');
    await window.getByRole('main').getByRole('button', { name: 'New space' }).click();
    await window.getByRole('dialog').getByLabel('Name').fill('Survey');
    await window.getByRole('group', { name: 'Who may enter' }).getByText('By invitation').click();
    await window.getByRole('button', { name: 'Make the space' }).click();
    await mira.newPage('Survey', 'Soil report');
    await window.keyboard.type('Clay below two metres.');
    await invite(window, 'Guest', 'Survey');
    const picture = join(await folders.make('picture'), 'code.png');
    await window.getByRole('img', { name: 'The link as a QR code' }).screenshot({ path: picture, scale: 'css' });
    await window.getByRole('button', { name: 'Done' }).click();
    await joinBy(zoe, 'Zoe Park', (page) => page.locator('input[type=file]').setInputFiles(picture));
    await zoe.open('Soil report');
    await expect(zoe.text).toContainText('Clay below two metres.');
    await zoe.caretAtEndOf('Clay');
    await zoe.window.keyboard.type(' And rock.');
    await mira.open('Soil report');
    await expect(mira.text).toContainText('And rock.');
    await expect(mira.window.getByRole('note', { name: 'Outsiders' })).toContainText('1 guest from outside');
    await expect(zoe.treeItem('Dish alignment')).toHaveCount(0);
    await expect(zoe.window.getByRole('navigation', { name: 'Workspace' })).not.toContainText('Everyone');
    await expect(zoe.window.locator('body')).not.toContainText('Ana Torres');
  });

  await test.step('a role changes while the page is open', async () => {
    await menuOf(mira.window, 'Ana Torres', 'Viewer');
    await expect(ana.window.getByRole('note', { name: 'Read only' })).toContainText('you are a viewer');
    await expect(ana.text).toHaveAttribute('contenteditable', 'false');
    await menuOf(mira.window, 'Ana Torres', 'Member');
    await expect(ana.window.getByRole('note', { name: 'Read only' })).toHaveCount(0);
    await expect(ana.text).toHaveAttribute('contenteditable', 'true');
  });

  await test.step('the guest is removed while she looks: what had arrived stays, and nothing leaves', async () => {
    await menuOf(mira.window, 'Zoe Park', 'Remove…');
    await mira.window.getByRole('button', { name: 'Remove', exact: true }).click();
    await expect(mira.window.getByRole('heading', { name: 'Not here any more' })).toBeVisible();
    await expect(zoe.window.getByRole('note', { name: 'Read only' })).toContainText('You were removed');
    await expect(zoe.text).toContainText('Clay below two metres. And rock.');
    await expect(zoe.text).toHaveAttribute('contenteditable', 'false');
  });

  await test.step('a member is removed while she is away with edits: they stay with her alone', async () => {
    expect(await stage.stopRelay()).toBe(0);
    await ana.open('Dish alignment');
    await ana.caretAtEndOf('encoder');
    await ana.window.keyboard.type(' ANA-AWAY');
    await expect(ana.status).toHaveAccessibleName(/Saved here/);
    expect(await ana.quit()).toBe(0);
    stage.relay = await startClosedRelay(relayData, port);
    await menuOf(mira.window, 'Ana Torres', 'Remove…');
    await mira.window.getByRole('button', { name: 'Remove', exact: true }).click();
    await expect(mira.window.getByRole('button', { name: 'More for Ana Torres' })).toHaveCount(0);
    await mira.open('Dish alignment');
    await linkNow(mira.window);
    await expect(mira.status).toHaveAccessibleName(/Saved here, On relay/);
    await ana.start();
    await ana.open('Dish alignment');
    await expect(ana.window.getByRole('note', { name: 'Read only' })).toContainText('You were removed', {
      timeout: 45_000,
    });
    await expect(ana.text).toContainText('ANA-AWAY');
    await expect(mira.text).not.toContainText('ANA-AWAY');
  });
});

test('[X6] [X11] a second device by link and code; a sole owner whose computers are lost comes back with the key', async ({
  browser,
}) => {
  test.setTimeout(240_000);
  const { mira, url } = await founded(browser);
  const { window } = mira;
  let words: string[] = [];
  let workspace = '';

  await test.step('the recovery key is shown once and tested', async () => {
    await window.getByRole('button', { name: 'Make a recovery key' }).click();
    workspace = await window.getByLabel('Its id').inputValue();
    await window.getByRole('main').getByRole('button', { name: 'Make a recovery key' }).click();
    await window.getByRole('button', { name: 'Make the key' }).click();
    const list = window.getByRole('list', { name: 'The words of the recovery key' });
    await expect(list.getByRole('listitem')).toHaveCount(24);
    words = (await list.getByRole('listitem').allInnerTexts()).map((line) => line.replace(/[^a-z]/g, ''));
    expect(words).toHaveLength(24);
    await window.getByRole('button', { name: 'I wrote them down' }).click();
    const fields = window.getByRole('textbox', { name: /^Word \d+$/ });
    for (let at = 0; at < 3; at += 1) {
      const label = await fields
        .nth(at)
        .evaluate((field) => (field as HTMLInputElement).labels?.[0]?.textContent ?? '');
      await fields.nth(at).fill(words[Number(/\d+/.exec(label)?.[0]) - 1] ?? '');
    }
    await window.keyboard.press('Enter');
    await expect(window.getByText('Made and tested.')).toBeVisible();
    await expect(window.getByRole('navigation', { name: 'Workspace' })).not.toContainText('Make a recovery key');
  });

  const phone = await newPerson('Tablet', browser);
  await test.step('a second device is mine by link and code', async () => {
    await window.getByRole('button', { name: 'Add another device' }).click();
    const link = await window.getByRole('dialog').getByLabel('Link', { exact: true }).inputValue();
    await phone.window.getByRole('button', { name: 'I have Caravan elsewhere' }).click();
    await phone.window.getByLabel('The link of the invitation').fill(link);
    await phone.window.getByLabel('Name of this computer').fill('Tablet');
    await phone.window.getByRole('button', { name: 'Make the code' }).click();
    const code = await phone.window.getByLabel('Code of this computer').inputValue();
    await window.getByLabel('Code of the new device').fill(code);
    await window.getByRole('button', { name: 'Add it' }).click();
    await expect(phone.window.getByRole('navigation', { name: 'Workspace' })).toContainText('Perigee', {
      timeout: 45_000,
    });
    await phone.open('Dish alignment');
    await expect(phone.text).toContainText('The encoder lies when it is cold.');
    await expect(phone.window.getByRole('navigation', { name: 'Workspace' })).toContainText('Mira Okafor');
    await expect(window.getByRole('main')).toContainText('Tablet');
  });

  await test.step('both computers are lost; the words bring a new one in', async () => {
    await mira.quit();
    await phone.quit();
    await rm(mira.data, { recursive: true });
    await rm(phone.data, { recursive: true });
    const back = await newPerson('Back', browser);
    await back.window.getByRole('button', { name: 'Restore from a recovery key' }).click();
    await back.window.getByLabel('The 24 words').fill(words.join(' '));
    await back.window.getByLabel('Address of the relay').fill(url);
    await back.window.getByLabel('Id of the workspace').fill(workspace);
    await back.window.getByLabel('Name of this computer').fill('New laptop');
    await back.window.getByRole('button', { name: 'Come back' }).click();
    await expect(back.window.getByRole('navigation', { name: 'Workspace' })).toContainText('Perigee');
    await back.open('Dish alignment');
    await expect(back.text).toContainText('The encoder lies when it is cold.');
    await go(back.window, 'People');
    await expect(back.window.getByRole('list', { name: 'People' })).toContainText('Owner');
    await go(back.window, 'Settings');
    await back.window.getByRole('button', { name: 'Membership log' }).click();
    await expect(back.window.getByRole('main')).toContainText('started this workspace');
  });
});
