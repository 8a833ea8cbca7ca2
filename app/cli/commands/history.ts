// doc history, and what `status` says of it.
import { dateOf } from '../../../shared/base/date-of.ts';
import type { HistoryTotals } from '../../contract/entities.ts';
import { size } from '../../contract/sizes.ts';
import { minuteInWords } from '../../host/plain-date.ts';
import type { CommonFlags } from '../common-flags.ts';
import type { CliEnvironment } from '../environment.ts';
import { count, print } from '../print.ts';
import { withHost } from '../with-host.ts';
import { idOf, workspaceOf } from './document.ts';

export async function documentHistory(
  environment: CliEnvironment,
  document: string,
  flags: CommonFlags,
): Promise<void> {
  await withHost(environment, flags, { links: false, onlyReads: true }, async (host) => {
    const { id } = await workspaceOf(host, document, flags);
    const entries = await host.call('doc.history', { workspace: id, document: idOf(document) });
    const members = new Map((await host.call('workspace.members', { workspace: id })).map((one) => [one.id, one.name]));
    const lines = entries.map(({ from, to, device, member, words, bytes }) => {
      const who = members.get(member) || member || device || 'nobody known';
      return `${when(from)} to ${when(to)}  ${who}  ${words} words  ${bytes} bytes`;
    });
    print(environment, flags, entries, lines.length > 0 ? lines : ['No editing session is recorded yet.']);
  });
}

export function historyLine({ segments, bytes, oldest, days, maxBytes }: HistoryTotals): string {
  const kept = [
    days === 0 ? 'not bounded by age' : `kept for ${count(days, 'day')}`,
    maxBytes === 0 ? 'not bounded by size' : `up to ${size(maxBytes)}`,
  ].join(', ');
  const since = oldest === null ? '' : `, the oldest of ${minuteInWords(oldest)}`;
  return `History: ${count(segments, 'editing session')} in ${size(bytes)}${since}; ${kept}.`;
}

/** As `doc show --at` takes it. */
function when(at: number): string {
  return dateOf(at)
    .toISOString()
    .replace(/\.\d+Z$/, 'Z');
}
