// Every screen of access before axe, in light, dark and high contrast, and by keyboard; with states that one computer alone does not come to.
import type { Page } from '@playwright/test';
import { accessCalls, manyMembers, manySpaces, withStates } from './access-states.ts';
import { expect, test, type App } from './app-window.ts';
import { picture } from './pictures.ts';
import { sound } from './sound-look.ts';

// Each screen is looked at by axe in three looks, which takes its time on a busy machine.
test.describe.configure({ timeout: 150_000 });

async function look(page: Page, name: string): Promise<void> {
  await sound(page, name);
  await picture(page, name);
}

/** A workspace with people, spaces and a relay, owned by whoever looks at it. */
async function peopled(app: App): Promise<void> {
  await app.firstRun();
  const { workspaces } = await app.call('hello', {});
  const [station] = await app.call('space.list', { workspace: workspaces[0]!.id });
  await withStates(app.page, {
    workspace: { relay: 'wss://relay.perigee.example' },
    spaces: manySpaces,
    members: manyMembers(station!.id),
    calls: accessCalls(station!.id),
  });
  await app.page.reload();
}

test('[X4] people, invitations and what each can see are sound, and work by keyboard', async ({ app }) => {
  const { page } = app;
  await peopled(app);
  await page.getByRole('button', { name: 'People', exact: true }).press('Enter');
  await page.getByRole('button', { name: 'Roles and invitations', exact: true }).press('Enter');
  await expect(page.getByRole('heading', { name: 'Roles and invitations' })).toBeVisible();
  await page.getByRole('button', { name: /2 devices.*Bo Hansen/ }).press('Enter');
  await page.getByRole('button', { name: '2 used or over' }).press('Enter');
  await look(page, 'people');
  await page.getByRole('button', { name: 'More for Ana Torres' }).press('Enter');
  await expect(page.getByRole('menuitemradio', { name: 'Admin' })).toBeFocused();
  await look(page, 'person-menu');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'More for Zoe Park' }).press('Enter');
  await page.getByRole('menuitem', { name: 'What they can see' }).press('Enter');
  await expect(page.getByRole('dialog', { name: 'What Zoe Park can see' })).toContainText('12 pages');
  await look(page, 'sees');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'More for Bo Hansen' }).press('Enter');
  await page.getByRole('menuitem', { name: 'Remove…' }).press('Enter');
  await expect(page.getByRole('button', { name: 'Keep Bo Hansen' })).toBeFocused();
  await expect(page.getByRole('dialog')).toContainText('They keep what they have received until now');
  await look(page, 'remove');
  await page.keyboard.press('Escape');
});

test('[X4] inviting is sound, and works by keyboard', async ({ app }) => {
  const { page } = app;
  await peopled(app);
  await page.getByRole('button', { name: 'People', exact: true }).press('Enter');
  await page.getByRole('button', { name: 'Roles and invitations', exact: true }).press('Enter');
  await page.getByRole('button', { name: 'Invite', exact: true }).press('Enter');
  await page.getByRole('group', { name: 'They become' }).getByText('Guest').click();
  await look(page, 'invite');
  await page.getByRole('button', { name: 'Make the invitation' }).press('Enter');
  await expect(page.getByRole('alert')).toContainText('A guest sees nothing but the spaces named here');
  await page.getByRole('checkbox', { name: 'Ground station' }).press('Space');
  await page.getByRole('button', { name: 'Make the invitation' }).press('Enter');
  await expect(page.getByRole('img', { name: 'The link as a QR code' })).toBeVisible();
  await look(page, 'invite-made');
});

test('[X4] spaces, their people and their banners are sound', async ({ app }) => {
  const { page } = app;
  await app.firstRun();
  await app.newPage('Dish alignment');
  const { workspaces } = await app.call('hello', {});
  const [station] = await app.call('space.list', { workspace: workspaces[0]!.id });
  await withStates(page, {
    workspace: { relay: 'wss://relay.perigee.example' },
    spaces: manySpaces,
    members: manyMembers(station!.id),
    calls: accessCalls(station!.id),
  });
  await page.reload();
  await expect(page.getByRole('note', { name: 'Outsiders' })).toContainText('1 guest from outside');
  await look(page, 'banner');
  await page.getByRole('button', { name: 'Who they are' }).press('Enter');
  await expect(page.getByRole('list', { name: 'People in Ground station' })).toBeVisible();
  await look(page, 'spaces');
  await page.getByRole('main').getByRole('button', { name: 'New space' }).press('Enter');
  await expect(page.getByRole('dialog', { name: 'New space' })).toBeVisible();
  await look(page, 'new-space');
  await page.keyboard.press('Escape');
  await app.row('Dish alignment').click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Move to another space…' }).press('Enter');
  await expect(page.getByRole('dialog')).toContainText('Mission ops');
  await look(page, 'move');
});

test('[X4] settings, devices, recovery key, leaving and the log are sound', async ({ app }) => {
  const { page } = app;
  await peopled(app);
  await page.getByRole('button', { name: 'Make a recovery key' }).press('Enter');
  await expect(page.getByRole('heading', { name: 'Recovery key' })).toBeVisible();
  await expect(page.getByText('Used on this disk')).toBeVisible();
  await look(page, 'settings');
  await page.getByRole('button', { name: 'Add another device' }).press('Enter');
  await expect(page.getByLabel('Code of the new device')).toBeVisible();
  await look(page, 'add-device');
  await page.keyboard.press('Escape');
  await page.getByRole('main').getByRole('button', { name: 'Make a recovery key' }).press('Enter');
  await page.getByRole('button', { name: 'Make the key' }).press('Enter');
  await expect(page.getByRole('list', { name: 'The words of the recovery key' })).toContainText('art');
  await look(page, 'recovery-words');
  await page.getByRole('button', { name: 'I wrote them down' }).press('Enter');
  const fields = page.getByRole('textbox', { name: /^Word \d+$/ });
  await expect(fields).toHaveCount(3);
  await page.keyboard.type('zebra');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText('is another one');
  await look(page, 'recovery-test');
  await fields.first().fill('');
  await fields.first().evaluate(
    (field, words) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', words);
      field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    },
    `${'abandon '.repeat(23)}art`,
  );
  await page.keyboard.press('Enter');
  await expect(page.getByText('The recovery key is tested')).toBeVisible();
  await page.getByRole('button', { name: 'Leave this workspace…' }).press('Enter');
  await expect(page.getByRole('dialog')).toContainText('Only here, and lost to the others when you leave');
  await look(page, 'leave');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Membership log' }).press('Enter');
  await expect(page.getByText('Taro Kishimi from the workspace')).toBeVisible();
  await expect(page.getByText('This time lies ahead')).toBeVisible();
  await look(page, 'log');
});

test('[X4] the ways back on the first run are sound', async ({ app }) => {
  const { page } = app;
  await expect(page.getByLabel('Your name')).toBeVisible();
  await page.getByRole('radio', { name: /Join a workspace/ }).check();
  await page
    .getByLabel('The link of the invitation')
    .fill('caravan://join#v=2&relay=wss%3A%2F%2Fr.example&workspace=AAAAAAAAAAAAAAAAAAAAAA&title=Perigee');
  await expect(page.getByRole('status').filter({ hasText: 'An invitation to Perigee' })).toBeVisible();
  await look(page, 'join');
  await page.getByRole('button', { name: 'I have Caravan elsewhere' }).press('Enter');
  await page.getByRole('button', { name: 'Make the code' }).press('Enter');
  await expect(page.getByRole('alert')).toContainText('This is an invitation for somebody new');
  await look(page, 'other-device');
  await page.getByRole('button', { name: 'Back' }).press('Enter');
  await page.getByRole('button', { name: 'Restore from a recovery key' }).press('Enter');
  await page.getByLabel('The 24 words').fill('abandon ability able');
  await page.getByRole('button', { name: 'Come back' }).press('Enter');
  await expect(page.getByRole('alert')).toContainText('these are 3');
  await look(page, 'recover');
});

test('[X4] [X10] who was removed reads why, and changes nothing', async ({ app }) => {
  const { page } = app;
  await app.firstRun();
  await app.newPage('Dish alignment');
  await withStates(page, {
    workspace: { mine: 'removed', role: 'member', removedAt: Date.now() },
    spaces: (real) => real.map((one) => ({ ...one, part: null, mayWrite: false, manages: false })),
  });
  await page.reload();
  await expect(page.getByRole('note', { name: 'Read only' })).toContainText('You were removed from this workspace');
  await expect(app.text).toHaveAttribute('contenteditable', 'false');
  await expect(page.getByRole('button', { name: /^New page/ })).toHaveCount(0);
  await look(page, 'removed');
});

test('[X4] [KY4] what a computer without its key would lose by deleting a workspace is said as it is', async ({
  app,
}) => {
  const { page } = app;
  await app.firstRun();
  const states = {
    workspace: { mine: 'keyless', relay: 'wss://relay.perigee.example' },
    calls: accessCalls('none'),
  } as const;
  await withStates(page, states);
  await page.reload();
  await page.getByRole('button', { name: 'Settings' }).press('Enter');
  await expect(page.getByText('no key that lets it in now: the workspace goes through no relay')).toBeVisible();
  await page.getByRole('button', { name: 'Delete it from this computer…' }).press('Enter');
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('You are still in the workspace');
  await expect(dialog).toContainText('Nobody else has these changes: Dish alignment.');
  await look(page, 'erase-keyless');
});
