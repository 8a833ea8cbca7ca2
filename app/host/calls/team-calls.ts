// Calls about the teams of a workspace: the tree, what a file would make of it, and taking it in. A file that cannot be taken is refused before anything is written.
import { open } from 'node:fs/promises';
import type { z } from 'zod';
import { AppError } from '../../../shared/base/app-error.ts';
import { fromUtf8 } from '../../../shared/base/encoding.ts';
import { placeTeams, setTeams, teamsRoom, type Team } from '../../../shared/model/teams/teams.ts';
import type { PEOPLE_CALLS, TeamPlan } from '../../contract/people.ts';
import type { CallHandlers, HostParts } from '../call-handlers.ts';
import { planOf, readTeamFile, teamsOfFile } from '../people/team-file.ts';
import type { Workspace } from '../workspace.ts';

type File = z.output<(typeof PEOPLE_CALLS)['people.planTeams']['params']>['file'];

const LARGEST = 8 * 1024 * 1024;

async function readFileText(path: string): Promise<string> {
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw new AppError('not-found', `The file ${path} cannot be read. Nothing was imported.`, { cause });
  });
  try {
    const found = await file.stat();
    if (!found.isFile()) throw new AppError('bad-input', `${path} is not a file. Nothing was imported.`);
    if (found.size > LARGEST) throw new AppError('too-large', `${path} is larger than 8 MiB. Nothing was imported.`);
    const text = fromUtf8(await file.readFile());
    if (text === null) throw new AppError('bad-input', `${path} is not UTF-8 text. Nothing was imported.`);
    return text;
  } finally {
    await file.close();
  }
}

function mayImport(workspace: Workspace): boolean {
  const { role, mine } = workspace.entry();
  return mine === 'member' && (role === 'owner' || role === 'admin');
}

/** Whoever may not even see teams, a guest, hears the same as whoever may not change them. */
async function made(
  host: HostParts,
  workspace: Workspace,
  file: File,
): Promise<{ teams: readonly Team[]; plan: TeamPlan }> {
  if (!mayImport(workspace)) {
    throw new AppError(
      'not-allowed',
      'Teams are imported by the owner or an admin of the workspace. Nothing was imported.',
    );
  }
  const reading = readTeamFile('text' in file ? file.text : await readFileText(file.path));
  if (reading.kind === 'wrong') throw new AppError('bad-input', reading.message);
  const byName = new Map<string, string | null>();
  for (const { id, name, removed } of workspace.members()) {
    const key = keyOf(name);
    // Of two members with one name nobody is guessed.
    if (!removed && key !== '') byName.set(key, byName.has(key) ? null : id);
  }
  const teams = teamsOfFile(reading.filed, (name) => byName.get(keyOf(name)) ?? null);
  const plan = planOf(host.people.teams(workspace.id), teams, reading.filed.archived);
  return { teams, plan };
}

function keyOf(name: string): string {
  return name.normalize('NFKC').trim().toLowerCase();
}

export const teamCalls = {
  async 'people.teams'(host, { workspace: id }) {
    const workspace = host.workspaces.get(id);
    const here = new Set(workspace.members().flatMap((member) => (member.removed ? [] : member.id)));
    const teams = workspace.mayRead('@teams') ? placeTeams(host.people.teams(id)) : [];
    return {
      teams: teams.map(({ team, depth }) => ({
        id: team.id,
        name: team.name,
        title: team.title,
        depth,
        people: team.people.map(({ name, member, leads }) => ({
          name,
          member: member !== null && here.has(member) ? member : null,
          leads,
        })),
      })),
      mayImport: mayImport(workspace),
    };
  },
  async 'people.planTeams'(host, { workspace, file }) {
    return (await made(host, host.workspaces.get(workspace), file)).plan;
  },
  async 'people.importTeams'(host, { workspace: id, file }) {
    const workspace = host.workspaces.get(id);
    const { teams, plan } = await made(host, workspace, file);
    const begun = { createdBy: workspace.about.member, createdAt: host.clock.now() };
    await host.documents.edit(teamsRoom(id), (doc) => setTeams(doc, teams, begun));
    await host.people.refresh(teamsRoom(id));
    return plan;
  },
} satisfies Partial<CallHandlers>;
