// doctor, backup, restore, repair: whether the data folder is sound, a copy of it, and the ways out when it is not.
import path from 'node:path';
import { AppError } from '../../../shared/base/app-error.ts';
import { chooseDataFolder, dataFolderAt, type DataFolder } from '../../host/data-folder.ts';
import { isStoreDamage } from '../../host/recovering-host.ts';
import { findRunningHost } from '../../host/running-host.ts';
import { damageOf, goWay, type WayResult } from '../../host/recovery-ways.ts';
import type { CliEnvironment } from '../environment.ts';
import type { CommonFlags } from '../common-flags.ts';
import { count, print } from '../print.ts';
import { QuietFailure } from '../quiet-failure.ts';
import { withHost } from '../with-host.ts';

export async function doctor(environment: CliEnvironment, flags: CommonFlags): Promise<void> {
  const findings = await examined(environment, flags);
  const lines = findings.map(({ check, ok, detail }) => `${ok ? 'ok ' : 'BAD'}  ${check}: ${detail}`);
  print(environment, flags, findings, lines);
  if (findings.some((finding) => !finding.ok)) throw new QuietFailure();
}

/** Of a sound folder what its host finds; of a damaged one what is wrong with its store. */
async function examined(environment: CliEnvironment, flags: CommonFlags) {
  const folder = folderOf(environment, flags);
  try {
    return await withHost(environment, flags, { links: false }, (host) => host.call('doctor', {}));
  } catch (error) {
    if (!isStoreDamage(error, folder)) throw error;
    return [{ check: 'store', ok: false, detail: error.message }, ...(await damageOf(folder))];
  }
}

export async function backup(environment: CliEnvironment, directory: string, flags: CommonFlags): Promise<void> {
  const report = await withHost(environment, flags, { links: false }, (host) =>
    host.call('backup', { directory: path.resolve(directory) }),
  );
  print(environment, flags, report, [
    `Backed up ${count(report.rooms, 'document')} to ${report.folder}.`,
    ...(report.damaged
      ? [`${count(report.damaged, 'attachment')} could not be read as they were written, and are not in it.`]
      : []),
    'The key of this device is in it: whoever has the backup can act as you.',
  ]);
}

export async function restore(environment: CliEnvironment, directory: string, flags: CommonFlags): Promise<void> {
  const { restoreHost } = await import('../../host/host-backup.ts');
  const folder = await free(environment, flags, 'restore');
  say(environment, flags, await restoreHost(folder, directory, new Date()));
}

export async function repair(environment: CliEnvironment, flags: CommonFlags): Promise<void> {
  const folder = await free(environment, flags, 'repair');
  say(environment, flags, await goWay(folder, { kind: 'repair' }, new Date()));
}

function say(environment: CliEnvironment, flags: CommonFlags, { value, report }: WayResult): void {
  print(environment, flags, value, report);
}

/** The data folder, which no program may have open. */
async function free(environment: CliEnvironment, flags: CommonFlags, command: string): Promise<DataFolder> {
  const folder = folderOf(environment, flags);
  const running = await findRunningHost(folder);
  await running?.close();
  if (!running) return folder;
  throw new AppError(
    'locked',
    `Caravan is running on ${folder.root} (process ${running.file.pid}). Nothing was changed; end it, and run ${command} again.`,
  );
}

function folderOf(environment: CliEnvironment, flags: CommonFlags): DataFolder {
  return dataFolderAt(chooseDataFolder(flags.data, environment));
}
