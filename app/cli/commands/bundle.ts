// bundle write, bundle read: changes in a file, for somebody; looked at, and taken in.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../../shared/base/app-error.ts';
import type { BundleDocument, BundleLook, BundleTaken, BundleTarget, BundleWritten } from '../../contract/bundles.ts';
import { size } from '../../contract/sizes.ts';
import type { CommonFlags } from '../common-flags.ts';
import type { CliEnvironment } from '../environment.ts';
import { runJob } from '../jobs.ts';
import { localMinute } from '../local-time.ts';
import { count, print } from '../print.ts';
import { chooseWorkspace, needSpace, withHost, type OnHost } from '../with-host.ts';
import { findMember } from './people.ts';

interface WriteFlags extends CommonFlags {
  readonly for?: string;
  readonly space?: string;
  readonly all?: boolean;
  readonly sinceLastMeeting?: boolean;
  readonly withFiles?: boolean;
  readonly passphraseFile?: string;
}

interface ReadFlags extends CommonFlags {
  readonly look?: boolean;
  readonly passphraseFile?: string;
}

export async function writeBundle(environment: CliEnvironment, file: string, flags: WriteFlags): Promise<void> {
  const passphrase = await passphraseIn(flags.passphraseFile);
  await withHost(environment, flags, { links: false }, async (host) => {
    const { id: workspace } = await chooseWorkspace(host, flags);
    const written = await runReported(environment, host, async () =>
      host.call('bundle.write', {
        workspace,
        to: await target(host, workspace, flags),
        since: flags.sinceLastMeeting === true,
        files: flags.withFiles === true,
        file: path.resolve(file),
        ...passphrase,
      }),
    );
    const done = needed(written.written);
    print(environment, flags, done, writtenLines(done, 'passphrase' in passphrase));
  });
}

export async function readBundle(environment: CliEnvironment, file: string, flags: ReadFlags): Promise<void> {
  const passphrase = await passphraseIn(flags.passphraseFile);
  await withHost(environment, flags, { links: false }, async (host) => {
    const only = flags.workspace === undefined ? {} : { workspace: (await chooseWorkspace(host, flags)).id };
    const report = await runReported(environment, host, () =>
      host.call('bundle.read', { ...only, ...passphrase, file: path.resolve(file), take: flags.look !== true }),
    );
    const look = needed(report.look);
    const { taken } = report;
    print(environment, flags, flags.look === true ? look : { look, taken }, [
      ...lookLines(look),
      ...(taken ? takenLines(taken) : ['Nothing was changed. Without --look it is taken in.']),
    ]);
  });
}

async function runReported(environment: CliEnvironment, host: OnHost, start: () => Promise<{ job: string }>) {
  let job = '';
  await runJob(environment, host, async () => {
    const started = await start();
    job = started.job;
    return started;
  });
  return host.call('bundle.report', { job });
}

function needed<T>(part: T | null): T {
  if (part === null) throw new AppError('internal', 'The job ended without a report. What was done is kept.');
  return part;
}

async function target(host: OnHost, workspace: string, flags: WriteFlags): Promise<BundleTarget> {
  if (flags.all === true && (flags.for !== undefined || flags.space !== undefined)) {
    throw new AppError(
      'bad-input',
      'Say --all, or for whom with --for, or which space with --space. Nothing was written.',
    );
  }
  const space = flags.space === undefined ? undefined : await needSpace(host, workspace, flags.space);
  if (flags.for !== undefined) {
    const { id: member } = await findMember(host, workspace, flags.for);
    return { kind: 'member', member, ...(space === undefined ? {} : { space }) };
  }
  return space === undefined ? { kind: 'all' } : { kind: 'space', space };
}

/** Its first line: a file that an editor made ends with one. */
async function passphraseIn(file: string | undefined): Promise<{ passphrase?: string }> {
  if (file === undefined) return {};
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new AppError('not-found', `${file} cannot be read. Nothing was changed.`, { cause });
  });
  return { passphrase: text.split(/\r?\n/, 1)[0] ?? '' };
}

function writtenLines(done: BundleWritten, open: boolean): string[] {
  const names = (people: BundleWritten['people']): string =>
    people.map(({ member, name }) => name || member).join(', ');
  return [
    `${done.path ?? done.name}: ${count(done.documents, 'document')}, ${count(done.sittings, 'editing session')}, ${count(done.files, 'attachment')}, ${size(done.size)}.`,
    open
      ? `Whoever has the file and the passphrase can read it. It is meant for: ${names(done.people)}.`
      : `Only these can read it, on their own computers: ${names(done.people)}.`,
    ...(done.without.length > 0
      ? [`Not for ${names(done.without)}: they may not read all of it. Write one for them with --for.`]
      : []),
    ...(done.filesLeft > 0
      ? [`${count(done.filesLeft, 'attachment')} not in it (--with-files takes those that are here).`]
      : []),
    ...(done.unreadable > 0
      ? [`${count(done.unreadable, 'document')} cannot be read on this computer and left out.`]
      : []),
  ];
}

const STATES: Readonly<Record<BundleDocument['state'], string>> = {
  new: 'new here',
  changed: 'changes',
  same: 'all of it is here',
  gap: 'builds on what is not here',
  refused: 'cannot be taken',
};

function lookLines(look: BundleLook): string[] {
  const { writer } = look;
  const computer = writer.deviceName === '' ? '' : ` (${writer.deviceName})`;
  const lines = [
    `Written by ${writer.name || writer.member}${computer} on ${localMinute(look.at)}, of "${look.title}".`,
  ];
  for (const space of look.spaces) {
    lines.push(`  ${space.name || space.id}`);
    for (const one of look.documents.filter((document) => document.space === space.id)) {
      lines.push(`    ${one.kind}  ${one.title || 'Untitled'}: ${STATES[one.state]}`);
    }
  }
  if (look.more > 0) lines.push(`  and ${count(look.more, 'document')} more`);
  lines.push(
    `${count(look.changes, 'change')} and ${count(look.sittings, 'editing session')} are new here; ${count(look.files, 'attachment')} (${size(look.fileBytes)}), ${look.filesHere} of them here already.`,
  );
  if (look.records > 0) lines.push(`${count(look.records, 'record')} about members and spaces are new here.`);
  if (look.hidden > 0) lines.push(`${count(look.hidden, 'document')} of spaces that you may not read are passed over.`);
  return lines;
}

function takenLines(taken: BundleTaken): string[] {
  return [
    `Taken in: ${count(taken.documents, 'document')}, ${count(taken.sittings, 'editing session')}, ${count(taken.files, 'attachment')}. ${taken.same} were here already.`,
    ...taken.refused.map(({ title, document, reason }) => `  Not taken: ${title || document}. ${reason}`),
    ...(taken.more > 0 ? [`  and ${taken.more} more that were not taken.`] : []),
  ];
}
