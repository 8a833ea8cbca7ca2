// peers list|code|connect: teammates' computers beside this one. All of it is done by the host that runs on the folder.
import { AppError } from '../../../shared/base/app-error.ts';
import { PEER_STATE_WORDS, lookingWords, peerName } from '../../contract/peer-words.ts';
import type { CommonFlags } from '../common-flags.ts';
import type { CliEnvironment } from '../environment.ts';
import { localMinute } from '../local-time.ts';
import { columns, print } from '../print.ts';
import { chooseWorkspace, withHost, type OnHost } from '../with-host.ts';
import { qrLines } from './people.ts';

export async function listPeers(environment: CliEnvironment, flags: CommonFlags): Promise<void> {
  await onRunning(environment, flags, async (host, workspace) => {
    const here = await host.call('peers.list', { workspace });
    const rows = here.peers.map((peer) => [
      peer.memberName || 'Somebody whose name has not arrived',
      peerName(peer),
      `${PEER_STATE_WORDS[peer.state]} since ${localMinute(peer.since)}`,
      [peer.address ?? '', peer.byCode ? 'by code' : '', peer.why ?? ''].filter((text) => text !== '').join(', '),
    ]);
    print(environment, flags, here, [
      ...columns(rows),
      `${lookingWords(here).title}. ${lookingWords(here).more}`.trim(),
    ]);
  });
}

export async function showCode(
  environment: CliEnvironment,
  flags: CommonFlags & { readonly fresh?: boolean; readonly qr?: boolean },
): Promise<void> {
  await onRunning(environment, flags, async (host, workspace) => {
    const shown = await host.call('peers.code', { workspace, ...(flags.fresh ? { fresh: true } : {}) });
    const qr = flags.qr ? await qrLines(shown.link) : [];
    print(environment, flags, shown, [shown.code, ...shown.addresses, shown.link, ...qr]);
    if (!flags.json) {
      environment.err(
        `For one computer of a member, until ${localMinute(shown.until)}. There: caravan peers connect ADDRESS --code CODE`,
      );
    }
  });
}

export async function connect(
  environment: CliEnvironment,
  where: string,
  flags: CommonFlags & { readonly code?: string },
): Promise<void> {
  const isLink = where.startsWith('caravan:');
  if (!isLink && flags.code === undefined) {
    throw new AppError(
      'bad-input',
      'An address needs the code that is shown there: --code KX4T-9M2P. Nothing was changed.',
    );
  }
  await onRunning(environment, flags, async (host, workspace) => {
    const typed = isLink ? { link: where } : { address: where, code: flags.code ?? '' };
    const peer = await host.call('peers.connect', { workspace, ...typed });
    print(environment, flags, peer, [
      `This computer is linked with ${peer.memberName || 'a colleague'}’s ${peerName(peer)}. What either has goes to the other.`,
    ]);
  });
}

/** A host of this command's own would end with it, and nobody stay linked. */
async function onRunning(
  environment: CliEnvironment,
  flags: CommonFlags,
  work: (host: OnHost, workspace: string) => Promise<void>,
): Promise<void> {
  await withHost(environment, flags, { links: false }, async (host) => {
    const { id } = await chooseWorkspace(host, flags);
    if (host.isOwn) {
      throw new AppError(
        'unreachable',
        'Caravan does not run on this folder, so no other computer can be linked with it. Nothing was changed. Open it first, with or without a window: caravan open --shell none',
      );
    }
    await work(host, id);
  });
}
