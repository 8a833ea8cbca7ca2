// travel check, travel fetch: whether what is taken along is here, and having the rest fetched. Exit code 0: ready.
import { AppError } from '../../../shared/base/app-error.ts';
import { size } from '../../contract/sizes.ts';
import type { Missing, TravelReport } from '../../contract/travel.ts';
import {
  choiceWords,
  DOCUMENT_STATES,
  fileSizeWords,
  holderWords,
  knownWords,
  things,
  travelHeadline,
} from '../../contract/travel-words.ts';
import { minuteInWords } from '../../host/plain-date.ts';
import type { CommonFlags } from '../common-flags.ts';
import type { CliEnvironment } from '../environment.ts';
import { print } from '../print.ts';
import { QuietFailure } from '../quiet-failure.ts';
import { chooseWorkspace, needSpace, withHost, type OnHost } from '../with-host.ts';

type TravelFlags = CommonFlags & { readonly space?: string };

/** How long the relay may take to say what there is before the state is printed as it is known here. */
const FIRST_WORD = 3_000;
/** Lines of what is missing; --json has more. */
const SHOWN = 40;

export async function travelCheck(environment: CliEnvironment, flags: TravelFlags): Promise<void> {
  await withHost(environment, flags, { links: true }, async (host) => {
    const place = await placeOf(host, flags);
    await firstWord(host, place.workspace);
    tell(environment, flags, await host.call('travel.check', place));
  });
}

export async function travelFetch(
  environment: CliEnvironment,
  flags: TravelFlags & { readonly timeout: number },
): Promise<void> {
  await withHost(environment, flags, { links: true }, async (host) => {
    const place = await placeOf(host, flags);
    const { workspace } = place;
    await firstWord(host, workspace);
    const begun = await host.call('travel.fetch', place);
    if (begun.kind === 'no-room') {
      throw new AppError(
        'disk-full',
        `${size(begun.bytes)} are still to come, and ${size(begun.free)} are free on this computer. Nothing was begun, and what is here is kept. Free some space, or take less along.`,
      );
    }
    if (begun.files > 0) environment.err(`Fetching ${things(begun.files, 'file')}, ${size(begun.bytes)}`);
    const telling = host.onAnnouncement((news) => {
      if (news.event !== 'truths' || news.workspace !== workspace) return;
      const { missing, missingBytes } = news.truths.attachments;
      if (missing > 0) environment.err(`${things(missing, 'file')} to come, ${size(missingBytes)}`);
    });
    await heard(host, workspace, flags.timeout * 1_000).finally(() => telling.dispose());
    tell(environment, flags, await host.call('travel.check', place));
  });
}

async function placeOf(host: OnHost, flags: TravelFlags): Promise<{ workspace: string; space?: string }> {
  const { id: workspace } = await chooseWorkspace(host, flags);
  return flags.space === undefined
    ? { workspace }
    : { workspace, space: await needSpace(host, workspace, flags.space) };
}

/** Until all has come that can be had now, or for as long. A workspace without a relay waits for nobody. */
async function heard(host: OnHost, workspace: string, timeout: number): Promise<void> {
  const { link } = await host.call('workspace.truths', { workspace });
  if (link.state !== 'none') await host.call('sync.wait', { workspace, timeout });
}

/** As heard(), for as long as a person waits for an answer, and no longer than until it is plain that the relay cannot be reached. */
async function firstWord(host: OnHost, workspace: string): Promise<void> {
  const waiting = heard(host, workspace, FIRST_WORD);
  let away = (): void => undefined;
  const isAway = new Promise<void>((resolve) => (away = resolve));
  const hearing = host.onAnnouncement((news) => {
    if (news.event === 'truths' && news.workspace === workspace && news.truths.link.state === 'offline') away();
  });
  // Whoever is not waited for any more is ended with the host.
  waiting.catch(() => undefined);
  await Promise.race([waiting, isAway]).finally(() => hearing.dispose());
}

function tell(environment: CliEnvironment, flags: CommonFlags, report: TravelReport): void {
  const { things: all, missingCount, missingBytes, hereBytes, missing, spaces, free } = report;
  const known = knownWords(report.known, minuteInWords);
  const left = missingCount > 0 ? `; ${size(missingBytes)} still to fetch` : '';
  print(environment, flags, report, [
    travelHeadline(report),
    `${choiceWords(report)}: ${all - missingCount} of ${things(all)} are on this computer, ${size(hereBytes)}${left}.`,
    ...(known === '' ? [] : [known]),
    ...missing.slice(0, SHOWN).map(missingLine),
    ...(missingCount > SHOWN ? [`  and ${missingCount - SHOWN} more`] : []),
    ...(free === null ? [] : [`${size(free)} free on this computer`]),
    ...(spaces.length === 0 ? ['You are in no space that could be taken along.'] : []),
  ]);
  if (!report.ready) throw new QuietFailure();
}

function missingLine(one: Missing): string {
  if (one.what === 'document') {
    return `  ${one.document.title || 'A document whose name has not arrived'}: ${DOCUMENT_STATES[one.state]}`;
  }
  const { name, used, trouble } = one;
  const sized = fileSizeWords(one);
  const parts = [sized, `in ${used.title || 'Untitled'}`, holderWords(one.holders, minuteInWords), trouble ?? ''];
  return `  ${name || 'A file'}: ${parts.filter((part) => part !== '').join(', ')}`;
}
