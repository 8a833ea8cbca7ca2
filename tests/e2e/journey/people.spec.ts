// People over a real relay, together and apart: a profile, the directory, a question asked offline that reaches who knows, and what came of it as a reason.
import { expect, test, type Locator, type Page } from '@playwright/test';
import { withStates } from '../access-states.ts';
import { picture } from '../pictures.ts';
import { sound } from '../sound-look.ts';
import { Person } from './person.ts';
import { caravan } from './programs.ts';
import { Stage } from './stage.ts';

const stage = new Stage();
test.afterEach(() => stage.clear());

const sidebar = (page: Page): Locator => page.getByRole('navigation', { name: 'Workspace' });
const row = (page: Page, name: string): Locator =>
  page.getByRole('listitem').filter({ has: page.getByRole('link', { name, exact: true }) });
const search = (page: Page): Locator => page.getByRole('searchbox', { name: /^Find people/ });

async function people(page: Page): Promise<void> {
  await sidebar(page).getByRole('button', { name: 'People', exact: true }).click();
  await expect(page.getByRole('list', { name: 'Directory' })).toBeVisible();
}

test('[P1] [P2] [D9] [T11] who one is and knows, found offline; a question asked offline reaches who knows, and its accepted answer is a reason', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const [ana, bo] = await stage.pair(browser);
  const [hers, his] = [ana.window, bo.window];

  // Bo says who he is, by keys.
  await people(his);
  await row(his, 'Bo').getByRole('link', { name: 'Bo' }).press('Enter');
  const own = his.getByRole('complementary', { name: 'Profile' });
  await expect(own).toContainText('Nothing is said of you yet');
  await own.getByRole('button', { name: 'Edit your profile' }).press('Enter');
  const form = his.getByRole('dialog', { name: 'Your profile' });
  await form.getByLabel('Name').fill('Bo <b>Hansen</b>');
  await form.getByLabel('Role').fill('Storage engineer');
  await form.getByLabel('Place').fill('Recife');
  await form.getByLabel('Time zone').fill('Nowhere/Land');
  await expect(form).toContainText('This computer knows no such time zone');
  await form.getByLabel('Time zone').fill('America/Recife');
  await form.getByLabel('Status').fill('On a flight');
  await form.getByLabel('Until').fill('2099-12-31T18:00');
  await form
    .getByRole('textbox', { name: 'Skills' })
    .or(form.getByRole('combobox', { name: 'Skills' }))
    .fill('LevelDB');
  await his.keyboard.press('Enter');
  await form.getByLabel('Current projects').fill('Second site');
  await his.keyboard.press('Enter');
  await expect(form.getByRole('list', { name: 'Your current projects' })).toContainText('Second site');
  const chooser = his.waitForEvent('filechooser');
  await form.getByRole('button', { name: 'Choose a picture…' }).press('Enter');
  const look = await his.screenshot({ type: 'png' });
  await (await chooser).setFiles({ name: 'me.png', mimeType: 'image/png', buffer: look });
  await expect(form.getByRole('img', { name: 'You, as chosen' })).toBeVisible();
  await sound(his, 'profile form');
  await picture(his, 'profile-form');
  await form.getByRole('button', { name: 'Save' }).press('Enter');
  await expect(form).toHaveCount(0);
  await expect(own).toContainText('On a flight until');
  await expect(own).toContainText(/Recife, \d\d:\d\d there/);
  await expect(own.locator('img')).toHaveJSProperty('naturalWidth', 256);

  // Ana finds him by what he knows, and the words in his name are words.
  await people(hers);
  const found = row(hers, 'Bo <b>Hansen</b>');
  await expect(found).toContainText('Storage engineer');
  await search(hers).fill('who knows about leveldb');
  await expect(found).toContainText('Skill: LevelDB');
  await hers.keyboard.press('ArrowDown');
  await expect(found.getByRole('link').first()).toBeFocused();
  await hers.keyboard.press('Enter');
  const profile = hers.getByRole('complementary', { name: 'Profile' });
  await expect(profile.getByRole('heading', { name: 'Bo <b>Hansen</b>' })).toBeVisible();
  await expect(profile.locator('img')).toHaveJSProperty('naturalWidth', 256);
  await profile.getByRole('button', { name: 'Follow', exact: true }).press('Enter');
  await expect(profile.getByRole('button', { name: 'Following' })).toBeVisible();
  await hers.getByRole('button', { name: 'Follow this topic' }).press('Enter');
  await expect(hers.getByRole('button', { name: 'Following this topic' })).toBeVisible();
  await picture(hers, 'people-found');
  await sound(hers, 'people');

  // Offline she asks what nobody has answered.
  expect(await stage.stopRelay()).toBe(0);
  await hers.getByRole('button', { name: 'Ask a question' }).press('Enter');
  const begin = hers.getByRole('form', { name: 'New discussion' });
  await expect(begin.getByRole('radio', { name: 'Question' })).toBeChecked();
  await begin.getByRole('textbox').first().fill('LevelDB compaction stalls');
  await begin.getByRole('textbox', { name: 'More about it' }).fill('At noon, each day.');
  await begin.getByRole('button', { name: 'Begin' }).click();
  await expect(hers.getByRole('textbox', { name: 'Title' })).toHaveValue('LevelDB compaction stalls');
  await people(his);
  await his.getByRole('button', { name: 'Questions', exact: true }).click();
  await expect(his.getByRole('heading', { name: 'Nothing waits for an answer' })).toBeVisible();
  await stage.startRelay();
  const waiting = his.getByRole('list', { name: 'Unanswered questions' });
  await expect(waiting).toContainText('Your skill: LevelDB');
  await picture(his, 'people-queue');
  await sound(his, 'queue');
  await waiting.getByRole('link', { name: 'LevelDB compaction stalls' }).press('Enter');
  await his.getByRole('textbox', { name: 'Write a post' }).fill('Throttle the snapshots.');
  await his.keyboard.press('Control+Enter');

  const answer = hers.getByRole('article').filter({ hasText: 'Throttle the snapshots.' });
  await expect(answer).toBeVisible();
  await answer.hover();
  await answer.getByRole('button', { name: 'More for this post' }).click();
  await hers.getByRole('menuitem', { name: 'Accept as the answer' }).click();
  await expect(his.getByRole('region', { name: 'Accepted answer' })).toContainText('Throttle');
  await people(his);
  await his.getByRole('button', { name: 'Questions', exact: true }).click();
  await expect(his.getByRole('heading', { name: 'Nothing waits for an answer' })).toBeVisible();

  // And offline again, that is why he is found. His name beside the post leads to him as well.
  expect(await stage.stopRelay()).toBe(0);
  await answer.getByRole('link', { name: 'Bo <b>Hansen</b>' }).first().press('Enter');
  await expect(profile.getByRole('heading', { name: 'Bo <b>Hansen</b>' })).toBeVisible();
  await search(hers).fill('who knows about snapshots');
  await expect(found).toContainText('Answer accepted in LevelDB compaction stalls');
  await found.getByRole('link', { name: 'LevelDB compaction stalls' }).press('Enter');
  await expect(hers.getByRole('region', { name: 'Accepted answer' })).toContainText('Throttle');
});

test('[P2] [TM1] teams come from a file after a look at what they become, and filter the directory; 300 people are a page at a time', async ({
  browser,
}) => {
  const ana = new Person('Ana', await stage.folders.make('ana'), browser);
  stage.people.push(ana);
  await caravan(ana.data, 'init', '--name', 'Ana', '--workspace', 'Perigee');
  await ana.start();
  const page = ana.window;
  await people(page);
  await page.getByRole('button', { name: 'Teams', exact: true }).click();
  const give = async (content: unknown): Promise<void> => {
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Import a file…' }).press('Enter');
    const buffer = Buffer.from(typeof content === 'string' ? content : JSON.stringify(content));
    await (await chooser).setFiles({ name: 'teams.json', mimeType: 'application/json', buffer });
  };
  await give('{"teams":');
  await expect(page.getByRole('alert')).toContainText('Nothing was imported');
  const core = { name: 'core', title: 'Core team', leads: ['Ana'], members: ['Ana', 'Eva <i>Lind</i>'] };
  await give({ teams: [core, { name: 'radio', subteamOf: 'core', members: ['Taro'] }] });
  const plan = page.getByRole('dialog', { name: 'Import teams' });
  await expect(plan).toContainText('2 new teams: core, radio');
  await expect(plan).toContainText('1 person of the file found here by name');
  await plan.getByRole('button', { name: 'Import', exact: true }).press('Enter');
  const tree = page.getByRole('region', { name: 'Teams' });
  await expect(tree).toContainText('Not here yet: Eva <i>Lind</i>');
  await sound(page, 'teams');
  await picture(page, 'people-teams');
  await give({ teams: [core] });
  await expect(plan).toContainText('1 team not in the file any more, taken away: radio');
  await expect(plan).toContainText('1 team unchanged');
  await plan.getByRole('button', { name: 'Import', exact: true }).press('Enter');
  await expect(tree).not.toContainText('radio');
  await people(page);
  await page.getByRole('combobox', { name: 'Team' }).selectOption({ label: 'Core team' });
  await expect(page.getByRole('list', { name: 'Directory' }).getByRole('listitem')).toHaveText(/Ana/);
  await expect(tree.getByRole('link', { name: 'Ana' })).toBeVisible();
  await expect(tree).toContainText('1 person here, 1 person not here yet');

  const many = Array.from({ length: 300 }, (_, at) => ({
    ...{
      id: `m${at}`,
      name: `Person ${at}`,
      me: false,
      role: at % 2 === 0 ? 'Engineer' : 'Pilot',
      place: '',
      zone: '',
    },
    ...{ status: null, picture: null, skills: [`skill ${at}`], interests: [], projects: [], spaces: [], teams: [] },
    ...{ lastSeen: null, followed: false },
  }));
  await withStates(page, { calls: { 'people.list': { people: many } } });
  await page.reload();
  const list = page.getByRole('list', { name: 'Directory' });
  await expect(list.getByRole('listitem')).toHaveCount(60);
  await page.getByRole('button', { name: 'Show 60 more' }).click();
  await expect(list.getByRole('listitem')).toHaveCount(120);
  await search(page).pressSequentially('skill 299');
  await expect(page.getByRole('list', { name: 'People who fit' }).getByRole('listitem')).toHaveText(/Person 299/);
});
