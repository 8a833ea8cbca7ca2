// Joining by links, and workspaces that this computer waits to be let into: who invited carries its record until the owner's computer was met. It asks again and again, also after a restart.
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { deviceId } from '../../shared/access/device-key.ts';
import { RECORD_LIMIT } from '../../shared/access/record-codec.ts';
import { AppError, toWireError } from '../../shared/base/app-error.ts';
import type { Clock } from '../../shared/base/clock.ts';
import type { Disposable } from '../../shared/base/disposable.ts';
import type { Logger } from '../../shared/base/logger.ts';
import { parseJson, readText, writeText, type DataFolder } from './data-folder.ts';
import { parseJoinLink } from './join-link.ts';
import { OneByOne } from './one-by-one.ts';
import type { Peers } from './peers/peers.ts';
import type { Workspace } from './workspace.ts';
import type { Workspaces } from './workspaces.ts';

const stored = z.strictObject({
  joining: z
    .array(
      z.strictObject({
        link: z.string().max(10_000),
        name: z.string().max(2_000),
        record: z.string().max(RECORD_LIMIT),
        at: z.number(),
      }),
    )
    .max(20),
});
type Waiting = z.output<typeof stored>['joining'][number];

/** The owner may sit beside; who is away for days costs little. */
const [FIRST_WAIT, LONGEST_WAIT] = [1_000, 30_000];
/** Milliseconds after which no invitation is good any more. */
const PATIENCE = 7 * 24 * 3_600_000;

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
  readonly #file: string;
  #waiting: readonly Waiting[] = [];
  #timer: Disposable | null = null;
  #asking: Promise<void> = Promise.resolve();
  #wait = FIRST_WAIT;
  readonly #storing = new OneByOne();
  #closed = false;

  constructor(parts: JoiningsParts) {
    this.#parts = parts;
    this.#file = path.join(parts.folder.root, 'joining.json');
  }

  /** Goes on with what waited before. A file that cannot be read is left, and nothing waits. */
  async start(): Promise<void> {
    const read = stored.safeParse(parseJson((await readText(this.#file)) ?? ''));
    if (read.success) this.#waiting = read.data.joining;
    this.#ask(0);
  }

  /** Rejects with `unreachable` and `details.waits` where the joining was handed over and waits for the owner's computer. */
  async join(link: string, name: string): Promise<Workspace> {
    const before = this.#waiting.find((one) => one.link === link.trim());
    const joining = await this.#parts.workspaces.join(link, name, before?.record ?? null);
    const isAnother = (one: Waiting): boolean => one.link !== link.trim();
    if (joining.kind === 'joined') {
      await this.#keep((waiting) => waiting.filter(isAnother));
      await this.#met(link);
      return joining.workspace;
    }
    const at = before?.at ?? this.#parts.clock.now();
    const waiting = { link: link.trim(), name, record: joining.record, at };
    await this.#keep((all) => [...all.filter(isAnother), waiting]);
    this.#wait = FIRST_WAIT;
    this.#ask(this.#wait);
    throw waits(joining.title);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#parts.calling.abort();
    this.#timer?.dispose();
    await this.#asking;
  }

  #ask(wait: number): void {
    this.#timer?.dispose();
    this.#timer = null;
    if (this.#closed || !this.#parts.asks || this.#waiting.length === 0) return;
    this.#timer = this.#parts.clock.after(wait, () => {
      this.#asking = this.#asking.then(() => this.#askAll());
    });
  }

  async #askAll(): Promise<void> {
    const { clock } = this.#parts;
    for (const waiting of [...this.#waiting]) {
      if (this.#closed) return;
      const next = waiting.at + PATIENCE > clock.now() ? await this.#try(waiting) : null;
      if (next !== waiting) await this.#keep((all) => all.flatMap((one) => (one === waiting ? (next ?? []) : one)));
    }
    this.#wait = Math.min(LONGEST_WAIT, this.#wait * 1.5);
    this.#ask(this.#wait);
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

  /** At once, and stored one after another: somebody joins while it is asked for what waits. */
  #keep(change: (waiting: readonly Waiting[]) => readonly Waiting[]): Promise<void> {
    const before = this.#waiting;
    this.#waiting = change(before);
    if (before.length === 0 && this.#waiting.length === 0) return Promise.resolve();
    return this.#storing.run(async () => {
      const joining = this.#waiting;
      if (joining.length === 0) await rm(this.#file, { force: true });
      else await writeText(this.#file, `${JSON.stringify({ joining })}\n`);
    });
  }
}

function waits(title: string): AppError {
  return new AppError(
    'unreachable',
    `You are not in "${title}" yet: your joining was handed over, and waits until the owner’s computer has heard of it. Nothing else is to do. While Caravan is open here, in the same network, it asks by itself, and the workspace appears.`,
    { details: { waits: true } },
  );
}
