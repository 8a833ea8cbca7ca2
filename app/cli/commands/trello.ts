// import trello: what would come of a file, and writing it.
import path from 'node:path';
import { AppError } from '../../../shared/base/app-error.ts';
import type { CallResult } from '../../contract/calls.ts';
import type { TrelloCounts } from '../../contract/trello.ts';
import type { CliEnvironment } from '../environment.ts';
import type { CommonFlags } from '../common-flags.ts';
import { runJob } from '../jobs.ts';
import { count, print } from '../print.ts';
import { chooseWorkspace, findSpace, withHost, type OnHost } from '../with-host.ts';

type Plan = CallResult<'import.trelloPlan'>;

export async function importTrello(
  environment: CliEnvironment,
  given: string,
  flags: CommonFlags & { readonly space: string; readonly member?: readonly string[]; readonly plan?: boolean },
): Promise<void> {
  await withHost(environment, flags, { links: false }, async (host) => {
    const { id: workspace } = await chooseWorkspace(host, flags);
    const file = { path: path.resolve(given) };
    const plan = await host.call('import.trelloPlan', { workspace, file });
    const members = await mapped(host, workspace, plan, flags.member ?? []);
    if (flags.plan) {
      print(environment, flags, plan, [
        ...countLines(plan.title, plan.counts),
        ...peopleLines(plan),
        ...leftLines(plan.left),
      ]);
      return;
    }
    const space =
      (await findSpace(host, workspace, flags.space)) ??
      (await host.call('space.create', { workspace, name: flags.space })).id;
    const report = await runJob(environment, host, () =>
      host.call('import.trello', { workspace, space, parent: null, file, members }),
    );
    const board = report?.boards?.[0];
    if (!report || !board) throw new AppError('internal', 'The import ended without a report. See: caravan doc list');
    const { document, title, counts, left } = board;
    print(environment, flags, { document, title, counts, left, problems: report.problems }, [
      `${document}  ${title}`,
      ...countLines(title, counts).slice(1),
      ...leftLines(left),
      ...report.problems.map((one) => `  ${one.reason}`),
    ]);
  });
}

/** `Name there=member here`, each by id or by a name that only one has. */
async function mapped(
  host: OnHost,
  workspace: string,
  plan: Plan,
  given: readonly string[],
): Promise<Record<string, string>> {
  const here = given.length > 0 ? await host.call('workspace.members', { workspace }) : [];
  const members: Record<string, string> = {};
  for (const one of given) {
    const at = one.indexOf('=');
    const [theirs, ours] = [one.slice(0, Math.max(0, at)).trim(), one.slice(at + 1).trim()];
    if (theirs === '' || ours === '') {
      throw new AppError('bad-input', `"${one}" is not of the form 'Trello name=member'. Nothing was imported.`);
    }
    const person = only(
      plan.people.filter(({ source, name, username }) => [source, name, username, `@${username}`].includes(theirs)),
      `of this board in Trello is called "${theirs}"`,
    );
    const member = only(
      here.filter(({ id, name }) => id === ours || name === ours),
      `in this workspace is called "${ours}"`,
    );
    members[person.source] = member.id;
  }
  return members;
}

function only<T>(found: readonly T[], what: string): T {
  const [first, second] = found;
  if (first !== undefined && second === undefined) return first;
  throw new AppError('not-found', `${first === undefined ? 'Nobody' : 'More than one'} ${what}. Nothing was imported.`);
}

function countLines(title: string, counts: TrelloCounts): string[] {
  const of = (number: number, what: string, inside: number): string =>
    count(number, what) + (inside > 0 ? ` (${inside} archived)` : '');
  return [
    title,
    `  ${of(counts.lists, 'list', counts.archivedLists)}, ${of(counts.cards, 'card', counts.archivedCards)}`,
    `  ${count(counts.labels, 'label')}, ${count(counts.fields, 'custom field')}, ${counts.people} people`,
    `  ${count(counts.checklists, 'checklist')} with ${count(counts.items, 'item')}`,
    `  ${count(counts.descriptions, 'description')}, ${count(counts.comments, 'comment')}, ${count(counts.attachments, 'link')} to attachments`,
  ];
}

function peopleLines({ people }: Plan): string[] {
  const lines = people.map(
    ({ name, username, cards }) =>
      `  ${name || username || 'Unknown person'}${username && username !== name ? ` (@${username})` : ''}: ${count(cards, 'card')}`,
  );
  return lines.length === 0
    ? []
    : ["People; --member 'Name=member' says who is whom, others are kept by name:", ...lines];
}

function leftLines(left: Plan['left']): string[] {
  if (left.length === 0) return [];
  return [
    'Not taken, or changed:',
    ...left.map(({ message, examples }) => `  ${message}${examples.length > 0 ? `: ${examples.join('; ')}` : ''}`),
  ];
}
