// Losing a space, and leaving, as people see it: the end of a guest's time, words that nobody else has, and a relay that is down.
import { expect, test, type Browser } from '@playwright/test';
import { picture } from '../pictures.ts';
import { foundByCalls, go, invite, joinBy } from './access-steps.ts';
import { Person } from './person.ts';
import { caravan, registrationKey, startClosedRelay } from './programs.ts';
import { Stage } from './stage.ts';

const stage = new Stage();
const { folders, people } = stage;
const HOUR = 3_600_000;
test.afterEach(() => stage.clear());

async function newPerson(name: string, browser: Browser): Promise<Person> {
  const person = new Person(name, await folders.make(name.toLowerCase()), browser);
  people.push(person);
  await person.start();
  return person;
}

test('[AH11] [AH12] [X10] [X11] a guest whose time is over reads what became of it, and keeps or lets go of what nobody else has; who leaves sees what is only here', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const relayData = await folders.make('relay');
  stage.relay = await startClosedRelay(relayData, 0);
  const mira = await newPerson('Mira', browser);
  await foundByCalls(mira, stage.relay.url, await registrationKey(relayData));
  await invite(mira.window, 'Guest', 'Everyone');
  const link = await mira.window.getByLabel('Link', { exact: true }).inputValue();
  await mira.window.getByRole('button', { name: 'Done' }).click();
  const zoe = await newPerson('Zoe', browser);
  await joinBy(zoe, 'Zoe Park', (page) => page.getByLabel('The link of the invitation').fill(link));
  await zoe.open('Dish alignment');
  await expect(zoe.status).toHaveAccessibleName(/On relay/);

  // Beyond all that she does before: her computer's clock is put forward to it.
  const end = Date.now() + HOUR;
  await test.step('while the relay is down, leaving names what is only here, and says why it has to wait', async () => {
    // Her name is in her profile, which comes behind the record that lets her in.
    let id = '';
    await expect
      .poll(async () => {
        const members = (await caravan(mira.data, 'member', 'list')) as { id: string; name: string }[];
        id = members.find(({ name }) => name === 'Zoe Park')?.id ?? '';
        return id;
      })
      .not.toBe('');
    // Known to her computer before the relay goes.
    await caravan(mira.data, 'space', 'grant', 'Everyone', id, 'guest', '--until', new Date(end).toISOString());
    await expect
      .poll(async () => ((await caravan(zoe.data, 'space', 'list')) as { until: number | null }[])[0]?.until)
      .toBe(end);
    await stage.stopRelay();
    await zoe.newPage('Everyone', 'Only with Zoe');
    await zoe.window.keyboard.type('Nobody else has this.');
    await expect(zoe.status).toHaveAccessibleName(/Saved here/);
    await go(zoe.window, 'Settings');
    await zoe.window.getByRole('button', { name: 'Leave this workspace…' }).click();
    const dialog = zoe.window.getByRole('dialog', { name: 'Leave Perigee?' });
    await expect(dialog).toContainText('Only here, and lost to the others when you leave');
    await expect(dialog.getByRole('listitem').filter({ hasText: 'Only with Zoe' })).toBeVisible();
    await picture(zoe.window, 'leave-unsent');
    await dialog.getByRole('button', { name: 'Leave', exact: true }).click();
    await expect(dialog.getByRole('alert')).toContainText('You did not leave, and nothing was changed');
    await picture(zoe.window, 'leave-relay-down');
    await dialog.getByRole('button', { name: 'Stay' }).click();
    await zoe.open('Only with Zoe');
    await expect(zoe.text).toHaveAttribute('contenteditable', 'true');
  });

  await test.step('her time ends by the clock, with no relay to tell of it: the window says so, and offers what nobody else has', async () => {
    const address = zoe.window.url();
    expect(await zoe.quit()).toBe(0);
    // It ends while she is there, or just before: what is seen is the same.
    await zoe.start({}, end - Date.now() - 3_000);
    const { window } = zoe;
    await window.clock.setFixedTime(end + 1_000);
    await window.goto(address);
    // A window looks at the clock twice a minute, and when it opens.
    await window.reload();
    await expect(window.getByRole('note', { name: 'Closed space' })).toContainText('Your time in Everyone is over');
    await expect(window.getByRole('heading', { name: 'This page cannot be shown' })).toBeVisible();
    await picture(window, 'lost-space');
    await window.getByRole('button', { name: 'Show Everyone among the spaces' }).click();
    await expect(window.getByText(/^Your time ended/)).toBeVisible();
    await expect(window.getByText('Your newest words in Only with Zoe may be with nobody else.')).toBeVisible();
    // Nobody takes them: they are not among what leaves when the relay answers.
    await expect(window.getByRole('navigation').getByText(/^Offline since [^,]+$/)).toBeVisible();
    await picture(window, 'lost-words');
    const saved = window.waitForEvent('download');
    await window.getByRole('button', { name: 'Export what waits in Everyone' }).press('Enter');
    expect((await saved).suggestedFilename()).toBe('Everyone.zip');
    await window.getByRole('button', { name: 'Let go of what waits in Everyone' }).press('Enter');
    await expect(window.getByRole('button', { name: 'Keep them' })).toBeFocused();
    await picture(window, 'lost-let-go');
    await window.getByRole('button', { name: 'Let go', exact: true }).click();
    await expect(window.getByText('Your newest words in')).toHaveCount(0);
  });
});
