// What of a chosen folder is taken.
import { expect, test } from 'vitest';
import { choose, countSpaces, readChosen, shownIn, type ChosenFile } from './chosen-files.ts';

const file = (path: string, size = 10): ChosenFile => ({
  name: path.split('/').at(-1) ?? '',
  webkitRelativePath: path,
  size,
  text: () => Promise.resolve(`# ${path}`),
});

test('[I1] Markdown is taken by path, other kinds are counted, hidden folders are not looked into', () => {
  const chosen = choose([
    file('handbook/b.md'),
    file('handbook/a/x.MD'),
    file('handbook/pic.png'),
    file('handbook/.obsidian/n.md'),
  ]);
  expect(chosen.folder).toBe('handbook');
  expect(chosen.files.map((one) => one.path)).toEqual(['a/x.MD', 'b.md']);
  expect(chosen.others.map((one) => one.path)).toEqual(['pic.png']);
});

test('[I1][X10] what is too large is left out and named', () => {
  const chosen = choose([
    file('h/big.md', 5_000_000),
    ...Array.from({ length: 17 }, (_, at) => file(`h/${at}.md`, 4_000_000)),
  ]);
  expect(chosen.left[0]?.path).toBe('9.md');
  expect(chosen.left.map((one) => one.reason)).toContain('It is larger than 4 MB.');
  expect(chosen.files.length).toBe(16);
});

test('[I2] boards of an export come along, also large ones, and what their cards show', async () => {
  const { files, boards, left, others } = choose([
    file('h/Launch.board.json', 6_000_000),
    file('h/Launch.md'),
    file('h/other.json'),
    file('h/plan.txt'),
  ]);
  const paths = (of: readonly { readonly path: string }[]) => of.map(({ path }) => path);
  expect([paths(files), paths(boards), left]).toEqual([['Launch.md'], ['Launch.board.json'], []]);
  expect(
    paths(
      (await readChosen({ folder: 'h', files, boards, left, others, manifest: null, people: null }, () => true)) ?? [],
    ),
  ).toEqual(['Launch.md', 'Launch.board.json']);
  expect(paths(shownIn(others, [{ text: '{"address":"plan.txt"}' }]))).toEqual(['plan.txt']);
});

test('[I1] of other files those come along whose name a page says, also encoded or in another case', () => {
  const { others } = choose(['a b.png', 'ünit.PDF', 'c.mp4', 'never.zip'].map((name) => file(`h/files/${name}`)));
  const texts = ['![x](files/a%20b.png)', '![[Ünit.pdf|300]]', 'see c.mp4'].map((text) => ({ text }));
  expect(shownIn(others, texts).map((one) => one.file.name)).toEqual(['a b.png', 'c.mp4', 'ünit.PDF']);
});

test('[X9] reading can be stopped between two files', async () => {
  const chosen = choose([file('h/a.md'), file('h/b.md')]);
  expect(await readChosen(chosen, (done) => done < 1)).toBeNull();
  expect(await readChosen(chosen, () => true)).toHaveLength(2);
});

test('[I2][EX6][X10] an export of a whole workspace says how many spaces it has; a file that says anything else says none', async () => {
  const says = (text: string) =>
    countSpaces(choose([{ ...file('h/.caravan-export.json'), text: () => Promise.resolve(text) }, file('h/a.md')]));
  expect(await says('{"format":1,"files":[],"spaces":[{},{}]}')).toBe(2);
  for (const text of ['', 'null', '[]', '{"spaces":7}', '{"format":1,"files":[]}']) expect(await says(text)).toBe(0);
  const chosen = choose([
    file('h/_people.json'),
    file('h/.caravan-export.json'),
    file('h/a.md'),
    file('h/in/_people.json'),
  ]);
  expect(chosen.others.map(({ path }) => path)).toEqual(['in/_people.json']);
  const read = await readChosen(chosen, () => true);
  expect(read?.map(({ path }) => path)).toEqual(['a.md', '.caravan-export.json', '_people.json']);
});
