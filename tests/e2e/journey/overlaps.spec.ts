// What two people change apart, with a relay that goes: a paragraph and a card; both are told, one takes, combines, takes back, and it is settled for both.
import { expect, test } from '@playwright/test';
import { BoardWindow } from '../board-steps.ts';
import { picture } from '../pictures.ts';
import { sound } from '../sound-look.ts';
import type { Person } from './person.ts';
import { Stage } from './stage.ts';

const stage = new Stage();
test.afterEach(() => stage.clear());

test('[D3] [B16] [W26] a paragraph and a card changed by two apart: both see both versions, take, keep, combine, undo', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const [ana, bo] = await stage.pair(browser);
  const onRelay = async (): Promise<void> => {
    for (const { status } of [ana, bo]) await expect(status).toHaveAccessibleName(/Saved here, On relay/);
  };
  const overlap = (person: Person, name: string | RegExp) => person.window.getByRole('article', { name });
  const notice = (person: Person) => person.window.getByRole('note', { name: 'Overlaps' });

  await test.step('a page and a board that both have', async () => {
    await ana.newPage('Everyone', 'Torque');
    await ana.window.keyboard.type('Tighten the stem by hand.');
    await bo.open('Torque');
    await expect(bo.text).toContainText('Tighten the stem by hand.');
    const hers = new BoardWindow({ page: ana.window });
    await hers.make('Antenna build', ['Guy wires']);
    await bo.treeItem('Antenna build, board').click();
    await new BoardWindow({ page: bo.window }).expectTitles('Next', ['Guy wires']);
    await onRelay();
  });

  await test.step('apart: both change the card and the paragraph', async () => {
    expect(await stage.stopRelay()).toBe(0);
    for (const [person, steps, word] of [
      [ana, ['ArrowRight'], ' Use grease.'],
      [bo, ['ArrowRight', 'ArrowRight'], ' Use a wrench.'],
    ] as const) {
      const board = new BoardWindow({ page: person.window });
      await board.card('Guy wires').focus();
      for (const key of [' ', ...steps, ' ']) await person.window.keyboard.press(key);
      await board.expectTitles(person === ana ? 'Doing' : 'Done', ['Guy wires']);
      await expect(person.status).toHaveAccessibleName(/Saved here/);
      await person.open('Torque');
      await person.caretAtEndOf('by hand.');
      await person.window.keyboard.type(word);
      await expect(person.block(word)).toBeVisible();
      await expect(person.status).toHaveAccessibleName(/Saved here/);
    }
  });

  await test.step('together: both are told over the page, and see both versions', async () => {
    await stage.startRelay();
    for (const person of [ana, bo]) {
      await expect(notice(person)).toContainText('1 thing here while apart', { timeout: 45_000 });
      await expect(person.text).toContainText('grease');
      await expect(person.text).toContainText('wrench');
    }
    await notice(bo).getByRole('button', { name: 'Overlaps 1' }).click();
    await expect(overlap(bo, 'Torque: a paragraph')).toContainText('You and Ana both changed a paragraph while apart.');
    const yours = overlap(bo, 'Torque: a paragraph').getByRole('region', { name: 'Yours' });
    await expect(yours).toContainText('Tighten the stem by hand. Use a wrench.');
    const hers = overlap(bo, 'Torque: a paragraph').getByRole('region', { name: 'Ana’s' });
    await expect(hers).toContainText('Tighten the stem by hand. Use grease.');
    await expect(overlap(bo, 'Guy wires: the column')).toContainText(
      'Ana moved it to Doing while you moved it to Done. Keep yours, or take Ana’s.',
    );
    await picture(bo.window, 'overlaps');
    await sound(bo.window, 'overlaps');
  });

  await test.step('one key takes hers, undo brings it back, and the other way it is combined; Ana sees it settled', async () => {
    const paragraph = overlap(bo, 'Torque: a paragraph');
    await bo.window.keyboard.press('j');
    await expect(paragraph).toBeFocused();
    await bo.window.keyboard.press('2');
    await expect(paragraph).toBeHidden();
    await expect(ana.block('Tighten')).toHaveText('Tighten the stem by hand. Use grease.');
    await expect(notice(ana)).toBeHidden();
    await bo.window.getByRole('button', { name: 'Undo' }).click();
    await expect(paragraph).toBeVisible();
    await expect(ana.text).toContainText('wrench');
    await expect(notice(ana)).toBeVisible();
    await paragraph.focus();
    await bo.window.keyboard.press('3');
    await bo.window.getByRole('textbox', { name: 'Both in one' }).fill('Tighten the stem by hand, with grease.');
    await bo.window.getByRole('button', { name: 'Use this text' }).click();
    await expect(ana.block('Tighten')).toHaveText('Tighten the stem by hand, with grease.');
    await expect(notice(ana)).toBeHidden();
  });

  await test.step('the card: take hers, on both boards one card in Doing', async () => {
    await overlap(bo, 'Guy wires: the column').focus();
    await bo.window.keyboard.press('2');
    await expect(bo.window.getByRole('heading', { name: 'Nothing to settle' })).toBeVisible();
    await expect(bo.window.getByRole('listitem').filter({ hasText: 'Guy wires' })).toContainText('You took theirs');
    await ana.treeItem('Antenna build, board').click();
    const board = new BoardWindow({ page: ana.window });
    await board.expectTitles('Doing', ['Guy wires']);
    await expect(ana.window.getByRole('option', { name: /^Guy wires/ })).toHaveCount(1);
    await expect(ana.window.getByRole('note', { name: 'Moved by two' })).toBeHidden();
  });
});
