// doc holders: who can read a document and has it, and who has what was written in it at this computer.
import type { DocumentReceipts, HeldUpTo, ReceiptPerson, ReceiptSitting } from '../../contract/receipts.ts';
import { minuteInWords } from '../../host/plain-date.ts';
import type { CommonFlags } from '../common-flags.ts';
import type { CliEnvironment } from '../environment.ts';
import { print } from '../print.ts';
import { withHost } from '../with-host.ts';
import { idOf, workspaceOf } from './document.ts';

/** How long a host of this command's own may take to reach the relay before what it knows is printed as it is. */
const FIRST_WORD = 3_000;

export async function documentHolders(
  environment: CliEnvironment,
  document: string,
  flags: CommonFlags,
): Promise<void> {
  await withHost(environment, flags, { links: true }, async (host) => {
    const { id: workspace } = await workspaceOf(host, document, flags);
    const { link } = await host.call('workspace.truths', { workspace });
    if (link.state !== 'none') await host.call('sync.wait', { workspace, timeout: FIRST_WORD });
    const asked = { workspace, document: idOf(document) };
    const receipts = await host.call('doc.receipts', asked);
    const title = (await host.call('doc.get', asked))?.title || 'Untitled';
    print(environment, flags, receipts, [
      `${title}: held by ${receipts.members.held} of ${receipts.members.of}`,
      relayLine(receipts),
      ...receipts.people.map(personLine),
      ...receipts.sittings.map((sitting) => sittingLine(sitting, receipts.people)),
    ]);
  });
}

function relayLine({ relay, away, learnedAt }: DocumentReceipts): string {
  const state = {
    none: 'There is no relay.',
    held: 'The relay has it.',
    waiting: 'It waits for the relay.',
    unknown: 'What the relay has is not known.',
  };
  const asOf =
    away === null || learnedAt === null ? '' : ` The relay is away; others as of ${minuteInWords(learnedAt)}.`;
  return `${state[relay]}${asOf}`;
}

function personLine({ name, me, held, devices }: ReceiptPerson): string {
  const who = me ? 'You' : name || 'Somebody whose name has not arrived';
  const seen = devices.flatMap(({ at }) => (at === null ? [] : [at]));
  const heard = seen.length > 0 ? `, last heard of ${minuteInWords(Math.max(...seen))}` : '';
  return `  ${who}: ${held ? `${me ? 'have' : 'has'} it` : `not yet${heard}`}`;
}

function sittingLine({ from, to, relay, devices }: ReceiptSitting, people: readonly ReceiptPerson[]): string {
  const say = (who: string, one: HeldUpTo): string =>
    one.all ? `${who} since ${minuteInWords(one.at)}` : `${who} up to ${minuteInWords(one.upTo)}`;
  const owners = devices.map((told) => {
    const owner = people.find((person) => person.devices.some(({ device }) => device === told.device));
    return say(owner?.me ? 'your other computer' : (owner?.name ?? '') || 'somebody', told);
  });
  const parts = [...(relay ? [say('the relay', relay)] : []), ...owners];
  const span = `Your edits of ${minuteInWords(from)} to ${minuteInWords(to)}`;
  return `  ${span}: ${parts.length > 0 ? parts.join(', ') : 'only on this computer'}`;
}
