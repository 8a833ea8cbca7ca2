// Calls that bring in a board of Trello. A file that cannot be taken is refused before anything is written.
import { open } from 'node:fs/promises';
import type { z } from 'zod';
import { AppError } from '../../../shared/base/app-error.ts';
import { fromUtf8 } from '../../../shared/base/encoding.ts';
import { cutLine } from '../../../shared/model/document/title.ts';
import type { trelloFile } from '../../contract/trello.ts';
import type { CallHandlers, HostParts } from '../call-handlers.ts';
import { readTrello } from '../import-trello/read-trello.ts';
import { countsOf } from '../import-trello/trello-counts.ts';
import type { TrelloPlan } from '../import-trello/trello-plan.ts';
import { parentIn, place } from './document-calls.ts';
import { knownSpace } from './space-calls.ts';

const LARGEST = 64 * 1024 * 1024;

async function planOf(file: z.output<typeof trelloFile>): Promise<TrelloPlan> {
  const reading = readTrello('text' in file ? file.text : await readFileText(file.path));
  if (reading.kind === 'plan') return reading.plan;
  throw new AppError('bad-input', reading.message);
}

async function readFileText(path: string): Promise<string> {
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw new AppError('not-found', `The file ${path} cannot be read. Nothing was imported.`, { cause });
  });
  try {
    const found = await file.stat();
    if (!found.isFile()) throw new AppError('bad-input', `${path} is not a file. Nothing was imported.`);
    if (found.size > LARGEST) {
      throw new AppError('too-large', `${path} is larger than 64 MiB. Nothing was imported.`);
    }
    const text = fromUtf8(await file.readFile());
    if (text === null) throw new AppError('bad-input', `${path} is not UTF-8 text. Nothing was imported.`);
    return text;
  } finally {
    await file.close();
  }
}

function leftOf({ left }: TrelloPlan) {
  return left.map(({ count, message, examples }) => ({ count, message, examples: [...examples] }));
}

/** Only members here, and only people whom the export names: a slip must not give cards to nobody. */
function checkMembers(host: HostParts, workspace: string, plan: TrelloPlan, members: Readonly<Record<string, string>>) {
  const here = new Set(
    host.workspaces
      .get(workspace)
      .members()
      .map((member) => member.id),
  );
  const there = new Set(plan.members.map((member) => member.source));
  for (const [source, member] of Object.entries(members)) {
    if (!there.has(source))
      throw new AppError('not-found', 'The export does not name one of these people. Nothing was imported.');
    if (!here.has(member))
      throw new AppError('not-found', 'One of these people is not in this workspace. Nothing was imported.');
  }
}

export const trelloCalls = {
  async 'import.trelloPlan'(host, { workspace, file }) {
    const members = host.workspaces
      .get(workspace)
      .members()
      .filter((member) => !member.removed);
    const plan = await planOf(file);
    const people = plan.members.map(({ source, name, username, cards, comments }) => {
      const same = members.filter((member) => name !== '' && member.name.trim().toLowerCase() === name.toLowerCase());
      return { source, name, username, cards, comments, suggested: same.length === 1 ? (same[0]?.id ?? null) : null };
    });
    people.sort((a, b) => b.cards - a.cards || b.comments - a.comments || (a.name < b.name ? -1 : 1));
    return { title: plan.title, counts: countsOf(plan), people, left: leftOf(plan) };
  },
  async 'import.trello'(host, { workspace: id, space, parent, after, file, members = {} }) {
    const workspace = knownSpace(host, id, space);
    parentIn(host, id, space, parent);
    const plan = await planOf(file);
    checkMembers(host, id, plan, members);
    const { importTrello } = await import('../import-trello/import-trello.ts');
    const job = host.jobs.start('import', `import ${id}/${space}`, async (context) => {
      await host.catalogue.settled();
      const order = await place(host, id, space, { parent, after });
      const prefix = `${id}/${space}/`;
      const { board, problems } = await importTrello({
        plan,
        members: new Map(Object.entries(members)),
        documents: host.documents,
        prefix,
        place: { parent, order },
        doing: { by: workspace.about.member, at: host.clock.now() },
        device: host.device.id,
        signal: context.signal,
        commit: () => context.commit(),
        onProgress: (done, total, message) => context.progress(done, total, message),
      });
      // Whoever waited for the job finds the board in the next list, and what its faces show.
      await host.catalogue.settled();
      const left = leftOf(plan);
      const report = { document: board, title: cutLine(plan.title), counts: countsOf(plan), left };
      return {
        created: 1,
        updated: 0,
        unchanged: 0,
        left: [],
        links: { resolved: 0, unresolved: [] },
        problems: problems.map((reason) => ({ path: '', reason })),
        kept: {},
        boards: [report],
      };
    });
    return { job };
  },
} satisfies Partial<CallHandlers>;
