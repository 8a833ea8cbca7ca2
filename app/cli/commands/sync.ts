// status, sync: what is stored where, and bringing this computer and the relay in step.
import { AppError } from '../../../shared/base/app-error.ts';
import { minuteInWords } from '../../host/plain-date.ts';
import { historyLine } from './history.ts';
import type { Disposable } from '../../../shared/base/disposable.ts';
import { attachmentWords } from '../../contract/attachment-words.ts';
import type { LinkStatus, Truths, WorkspaceEntry } from '../../contract/entities.ts';
import type { SnapshotEntry } from '../../contract/recovery.ts';
import type { CliEnvironment } from '../environment.ts';
import { count, print } from '../print.ts';
import type { CommonFlags } from '../common-flags.ts';
import { chooseWorkspace, withHost, type OnHost } from '../with-host.ts';

/** How long a host of this command's own may take to reach the relay before its state is printed as it is. */
const FIRST_WORD = 3_000;

export async function status(environment: CliEnvironment, flags: CommonFlags): Promise<void> {
  await withHost(environment, flags, { links: true, onlyReads: true }, async (host) => {
    const workspace = await chooseWorkspace(host, flags);
    const isAlone = workspace.relay === null || host.notWritable !== null;
    const truths = ofFolder(host, isAlone ? await truthsOf(host, workspace.id) : await onceSettled(host, workspace.id));
    const documents = await host.call('doc.list', { workspace: workspace.id });
    const snapshots = await host.call('snapshot.list', {});
    const { notices } = await host.call('hello', {});
    const history = await host.call('history.totals', {});
    const { id, title, relay, member } = workspace;
    const value = {
      workspace: id,
      title,
      member,
      relay,
      documents: documents.length,
      ...truths,
      snapshots,
      history,
      notices,
    };
    print(environment, flags, value, [
      `${title}: ${count(documents.length, 'document')} in ${host.folder}`,
      ...truthLines(workspace, truths),
      `Attachments: ${attachmentWords(truths.attachments)}`,
      snapshotLine(snapshots),
      historyLine(history),
      ...notices,
    ]);
  });
}

export async function sync(
  environment: CliEnvironment,
  flags: CommonFlags & { readonly wait?: boolean; readonly timeout: number },
): Promise<void> {
  await withHost(environment, flags, { links: true }, async (host) => {
    const workspace = await chooseWorkspace(host, flags);
    const telling = flags.wait ? tellProgress(environment, host, workspace.id) : null;
    const { done, truths } = await host
      .call('sync.wait', { workspace: workspace.id, timeout: flags.wait ? flags.timeout * 1_000 : FIRST_WORD })
      .finally(() => telling?.dispose());
    print(environment, flags, { done, ...truths }, done ? ['In step with the relay.'] : truthLines(workspace, truths));
    if (!done && flags.wait) {
      const because = truths.link.state === 'online' ? 'there is more to bring over' : describeLink(truths.link);
      throw new AppError(
        'timeout',
        `Not in step within ${flags.timeout} seconds: ${because}. Everything is kept on this computer and goes over when it can.`,
      );
    }
  });
}

function snapshotLine(snapshots: readonly SnapshotEntry[]): string {
  const [newest] = snapshots;
  if (!newest) return 'Snapshots: none yet; a running Caravan makes one a day';
  const mebibytes = Math.ceil(snapshots.reduce((sum, { bytes }) => sum + bytes, 0) / 1_048_576);
  return `Snapshots: ${snapshots.length}, ${mebibytes} MiB, the newest of ${minuteInWords(Date.parse(newest.at))}`;
}

/** To stderr, a line for each tenth of what comes in; a handful of documents is not worth one. */
function tellProgress(environment: CliEnvironment, host: OnHost, workspace: string): Disposable {
  const [few, parts] = [50, 10];
  let said = '';
  return host.onAnnouncement((announcement) => {
    if (announcement.event !== 'truths' || announcement.workspace !== workspace) return;
    const { fetching, fetched } = announcement.truths;
    const all = fetched + fetching;
    if (all < few) return;
    const part = `${Math.floor((fetched / all) * parts)}/${all}`;
    if (part === said) return;
    said = part;
    environment.err(`${fetched} of ${count(all, 'document')} here`);
  });
}

function truthsOf(host: OnHost, workspace: string): Promise<Truths> {
  return host.call('workspace.truths', { workspace });
}

/** A copy that is read in the folder's place can be written; the folder cannot. */
function ofFolder({ notWritable }: OnHost, truths: Truths): Truths {
  return notWritable === null
    ? truths
    : { ...truths, storage: { state: 'failing', ...notWritable, since: Date.now() } };
}

/** The truths once the link has said a first word, or as they are after a short while. */
async function onceSettled(host: OnHost, workspace: string): Promise<Truths> {
  await host.call('sync.wait', { workspace, timeout: FIRST_WORD });
  return truthsOf(host, workspace);
}

function truthLines(workspace: WorkspaceEntry, truths: Truths): string[] {
  const { storage, link, outbox, lost, outboxIsComplete, fetching, fetched } = truths;
  const lines = [storage.state === 'ok' ? 'This computer: everything is stored' : `This computer: ${storage.message}`];
  for (const { title, id, bytes, limit } of truths.large) {
    const [size, most] = [Math.round(bytes / 1_048_576), Math.round(limit / 1_048_576)];
    lines.push(`Large: ${title || id} takes ${size} MiB; a document may take ${most} MiB, so divide it in time`);
  }
  if (workspace.relay === null) return [...lines, 'Relay: none; this workspace lives on this computer alone'];
  lines.push(`Relay ${workspace.relay}: ${describeLink(link)}`);
  const nothing = outboxIsComplete ? 'Nothing waits to go out' : 'What waits to go out is not known yet';
  lines.push(outbox.length === 0 ? nothing : `Waiting to go out: ${count(outbox.length, 'document')}`);
  for (const entry of outbox.slice(0, 20)) lines.push(`  ${entry.title || entry.id}`);
  if (outbox.length > 20) lines.push(`  and ${outbox.length - 20} more`);
  if (lost.length > 0) {
    lines.push(
      `Kept here from spaces you lost: ${count(lost.length, 'document')} ("caravan space unsent SPACE" lists them)`,
    );
  }
  if (fetching > 0) lines.push(`Coming in: ${fetched} of ${count(fetched + fetching, 'document')} here`);
  return lines;
}

function describeLink(link: LinkStatus): string {
  switch (link.state) {
    case 'none':
      return 'not connected by this command';
    case 'connecting':
      return 'connecting';
    case 'online':
      return 'connected';
    case 'offline':
      return `not connected (${link.reason})`;
    case 'refused':
      return `refused (${link.reason})`;
  }
}
