// Joining by links, and workspaces that this computer waits to be let into: who invited carries its record until the owner's computer was met. It asks again and again, also after a restart.
import path from 'node:path';
import { z } from 'zod';
import { deviceId } from '../../shared/access/device-key.ts';
import { RECORD_LIMIT } from '../../shared/access/record-codec.ts';
import { AppError, toWireError } from '../../shared/base/app-error.ts';
import type { Clock } from '../../shared/base/clock.ts';
import type { Logger } from '../../shared/base/logger.ts';
import type { DataFolder } from './data-folder.ts';
import { parseJoinLink } from './join-link.ts';
import type { Peers } from './peers/peers.ts';
import { WaitingList } from './waiting-list.ts';
import type { Workspace } from './workspace.ts';
import type { Workspaces } from './workspaces.ts';

const entry = z.strictObject({
  link: z.string().max(10_000),
  name: z.string().max(2_000),
  record: z.string().max(RECORD_LIMIT),
  at: z.number(),
});
type Waiting = z.output<typeof entry>;

export interface JoiningsParts {
  readonly folder: DataFolder;
  readonly workspaces: Workspaces;
  /** Told where the inviting computer is, once this one is in. */
  readonly peers: Pick<Peers, 'found'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** False in a short command: what waits is kept, and nobody is asked. */
  readonly asks: boolean;
  /** Aborted at the end: ends what is under way. */
  readonly calling: AbortController;
}

export class Joinings {
  readonly #parts: JoiningsParts;
  readonly #list: WaitingList<Waiting>;

  constructor(parts: JoiningsParts) {
    this.#parts = parts;
    const { folder, clock, asks } = parts;
    const file = path.join(folder.root, 'joining.json');
    const attempt = (waiting: Waiting): Promise<Waiting | null> => this.#try(waiting);
    this.#list = new WaitingList({ file, name: 'joining', entry, clock, asks, attempt });
  }

  /** Goes on with what waited before. */
  start(): Promise<void> {
    return this.#list.start();
  }

  /** Rejects with `unreachable` and `details.waits` where the joining was handed over and waits for the owner's computer. */
  async join(link: string, name: string): Promise<Workspace> {
    const before = this.#list.all.find((one) => one.link === link.trim());
    const joining = await this.#parts.workspaces.join(link, name, before?.record ?? null);
    const isAnother = (one: Waiting): boolean => one.link !== link.trim();
    if (joining.kind === 'joined') {
      await this.#list.keep((all) => all.filter(isAnother));
      await this.#met(link);
      return joining.workspace;
    }
    const at = before?.at ?? this.#parts.clock.now();
    const waiting = { link: link.trim(), name, record: joining.record, at };
    await this.#list.keep((all) => [...all.filter(isAnother), waiting]);
    this.#list.askSoon('first wait');
    throw waits(joining.title);
  }

  async close(): Promise<void> {
    this.#parts.calling.abort();
    await this.#list.close();
  }

  /** What still waits, or null when it is over, one way or the other. */
  async #try(waiting: Waiting): Promise<Waiting | null> {
    try {
      const joining = await this.#parts.workspaces.join(waiting.link, waiting.name, waiting.record);
      if (joining.kind === 'joined') {
        await this.#met(waiting.link);
        return null;
      }
      return joining.record === waiting.record ? waiting : { ...waiting, record: joining.record };
    } catch (error) {
      const { code } = toWireError(error);
      this.#parts.logger.log('info', 'joining-waits', { code });
      return code === 'already-exists' ? null : waiting;
    }
  }

  /** What there is to read is at the computer that invited: it need not be looked for. */
  async #met(link: string): Promise<void> {
    const { workspace, peer } = parseJoinLink(link);
    if (!peer) return;
    const device = await deviceId(peer.key);
    // The one that is found last is tried first, and the likeliest stands first in the link.
    for (const address of [...peer.addresses].reverse()) this.#parts.peers.found(workspace, device, address);
  }
}

function waits(title: string): AppError {
  return new AppError(
    'unreachable',
    `You are not in "${title}" yet: your joining was handed over, and waits until the owner’s computer has heard of it. Nothing else is to do. While Caravan is open here, in the same network, it asks by itself, and the workspace appears.`,
    { details: { waits: true } },
  );
}
