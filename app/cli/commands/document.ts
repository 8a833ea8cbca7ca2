// doc list, doc show, ticket.
import { AppError } from '../../../shared/base/app-error.ts';
import { documentTree } from '../../host/document-tree.ts';
import type { DocEntry } from '../../contract/entities.ts';
import type { CliEnvironment } from '../environment.ts';
import { print } from '../print.ts';
import type { CommonFlags } from '../common-flags.ts';
import { chooseWorkspace, needSpace, withHost, type OnHost } from '../with-host.ts';

interface InSpace extends CommonFlags {
  readonly space?: string;
}

export async function listDocuments(environment: CliEnvironment, flags: InSpace): Promise<void> {
  await withHost(environment, flags, { links: false, onlyReads: true }, async (host) => {
    const { id } = await chooseWorkspace(host, flags);
    const space = flags.space === undefined ? undefined : await needSpace(host, id, flags.space);
    const documents = await host.call('doc.list', { workspace: id, ...(space === undefined ? {} : { space }) });
    const spaces = await host.call('space.list', { workspace: id });
    const lines = spaces.flatMap((one) => {
      const own = documents.filter((document) => document.space === one.id);
      return own.length === 0 ? [] : [`${one.name}`, ...treeLines(own)];
    });
    print(environment, flags, documents, lines.length > 0 ? lines : ['No documents yet.']);
  });
}

export async function showDocument(
  environment: CliEnvironment,
  document: string,
  flags: CommonFlags & { readonly at?: string },
): Promise<void> {
  const at = flags.at === undefined ? null : timeOf(flags.at);
  await withHost(environment, flags, { links: false, onlyReads: true }, async (host) => {
    const { id } = await workspaceOf(host, document, flags);
    const asked = { workspace: id, document: idOf(document) };
    const shown = await (at === null ? host.call('doc.show', asked) : host.call('doc.showAt', { ...asked, at }));
    // DESIGN, section 10: `doc show` is JSON with and without the flag.
    environment.out(JSON.stringify(shown, null, flags.json ? 0 : 2));
  });
}

export async function ticket(environment: CliEnvironment, room: string, flags: CommonFlags): Promise<void> {
  await withHost(environment, flags, { links: false }, async (host) => {
    const { id } = await workspaceOf(host, room, flags);
    const result = await host.call('ticket', { workspace: id, document: idOf(room) });
    environment.out(JSON.stringify(result));
  });
}

/** The document's id: the last part of a room's name, or what was given. */
export function idOf(room: string): string {
  return room.split('/').at(-1) ?? room;
}

/** Milliseconds since the epoch. */
function timeOf(text: string): number {
  const at = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at) || at < 0)
    throw new AppError('bad-input', `"${text}" is no time. Write it like 2026-11-22T10:00:00Z.`);
  return at;
}

/** A room's name says its workspace itself. */
export async function workspaceOf(host: OnHost, room: string, flags: CommonFlags): Promise<{ id: string }> {
  const [workspace, , document, ...rest] = room.split('/');
  if (workspace === undefined || document === undefined) return chooseWorkspace(host, flags);
  if (rest.length > 0)
    throw new AppError('bad-input', `"${room}" is no room's name. It looks like <workspace>/<space>/<document>.`);
  return { id: workspace };
}

function treeLines(documents: readonly DocEntry[]): string[] {
  const tree = documentTree(documents.filter((document) => !document.archived));
  const lines: string[] = [];
  const rest: { item: DocEntry; depth: number }[] = [];
  const push = (parent: string | null, depth: number): void => {
    for (const item of [...(tree.get(parent) ?? [])].reverse()) rest.push({ item, depth });
  };
  push(null, 1);
  for (let next = rest.pop(); next; next = rest.pop()) {
    const { item, depth } = next;
    lines.push(`${'  '.repeat(depth)}${item.title || 'Untitled'}  (${item.id})`);
    push(item.id, depth + 1);
  }
  return lines;
}
