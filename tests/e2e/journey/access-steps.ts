// What people do about access in their windows, step by step, for the journeys.
import { expect, type Page } from '@playwright/test';
import { callHost } from '../host-call.ts';
import type { Person } from './person.ts';

export async function go(page: Page, name: 'People' | 'Spaces' | 'Settings'): Promise<void> {
  await page.getByRole('navigation', { name: 'Workspace' }).getByRole('button', { name, exact: true }).click();
  if (name === 'People') await page.getByRole('button', { name: 'Roles and invitations', exact: true }).click();
  const heading = name === 'People' ? 'Roles and invitations' : name;
  await expect(page.getByRole('heading', { name: heading, exact: true })).toBeVisible();
}

/** A workspace of one's own behind the relay, by the windows alone. */
export async function found(mira: Person, url: string, key: string): Promise<void> {
  const { window } = mira;
  await window.getByLabel('Your name').fill('Mira Okafor');
  await window.getByLabel('Name of the workspace').fill('Perigee');
  await window.keyboard.press('Enter');
  await expect(window.getByRole('heading', { name: 'No pages yet' })).toBeVisible();
  await go(window, 'Settings');
  await window.getByLabel('Address of the relay').fill(url);
  await window.getByLabel('Registration key').fill(key);
  await window.getByRole('button', { name: 'Attach' }).click();
  await expect(window.getByText('This workspace goes through')).toBeVisible();
  await firstPage(mira);
}

/** The same without the windows, for what comes behind it. */
export async function foundByCalls(mira: Person, url: string, key: string): Promise<void> {
  const { window } = mira;
  const given = { name: 'Mira Okafor', title: 'Perigee', offTopic: true };
  const { id: workspace } = await callHost(window, 'workspace.create', given);
  await callHost(window, 'relay.attach', { workspace, url, key });
  await firstPage(mira);
}

async function firstPage(mira: Person): Promise<void> {
  await mira.newPage('Everyone', 'Dish alignment');
  await mira.window.keyboard.type('The encoder lies when it is cold.');
  await expect(mira.status).toHaveAccessibleName(/Saved here, On relay/);
}

export async function invite(page: Page, role: 'Member' | 'Guest', space: string): Promise<void> {
  await go(page, 'People');
  await page.getByRole('button', { name: 'Invite', exact: true }).click();
  await page.getByRole('group', { name: 'They become' }).getByText(role, { exact: true }).click();
  await page.getByRole('checkbox', { name: space }).check();
  await page.getByRole('button', { name: 'Make the invitation' }).click();
  await expect(page.getByRole('heading', { name: 'The invitation is made' })).toBeVisible();
}

export async function joinBy(person: Person, name: string, give: (page: Page) => Promise<void>): Promise<void> {
  const { window } = person;
  await window.getByLabel('Your name').fill(name);
  await window.getByRole('radio', { name: /Join a workspace/ }).check();
  await give(window);
  await expect(window.getByText('An invitation to Perigee')).toBeVisible();
  await window.getByRole('button', { name: 'Join', exact: true }).click();
  await expect(window.getByRole('navigation', { name: 'Workspace' })).toContainText('Perigee');
}

export async function menuOf(page: Page, name: string, item: string): Promise<void> {
  await go(page, 'People');
  await page.getByRole('button', { name: `More for ${name}` }).click();
  await page.getByRole('menu').getByText(item, { exact: true }).click();
}
