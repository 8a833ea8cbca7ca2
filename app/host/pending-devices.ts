// A computer that answered a device link and waits to be let in: it asks the relay again and again, also after a restart.
import { rm } from 'node:fs/promises';
import { z } from 'zod';
import type { DeviceKey } from '../../shared/access/identity.ts';
import { toWireError } from '../../shared/base/app-error.ts';
import type { Clock } from '../../shared/base/clock.ts';
import type { Disposable } from '../../shared/base/disposable.ts';
import type { Logger } from '../../shared/base/logger.ts';
import { parseJson, readText, writeText, type DataFolder } from './data-folder.ts';
import { deviceCode, type DeviceLink } from './device-link.ts';
import { knock } from './enter-relay.ts';
import { relayClient } from './relay-client.ts';
import type { Workspaces } from './workspaces.ts';

const stored = z.strictObject({
  waiting: z
    .array(
      z.strictObject({
        relay: z.string().max(2_000),
        workspace: z.string().max(64),
        member: z.string().max(64),
        title: z.string().max(2_000),
        at: z.number(),
      }),
    )
    .max(20),
});
type Waiting = z.output<typeof stored>['waiting'][number];

/** The two computers lie beside each other: the first answers are soon; a forgotten one costs little. */
const [FIRST_WAIT, LONGEST_WAIT] = [1_000, 30_000];
/** Milliseconds after which nobody is waited for any more. */
const PATIENCE = 7 * 24 * 3_600_000;

export interface PendingDevicesParts {
  readonly folder: DataFolder;
  readonly device: DeviceKey;
  readonly workspaces: Workspaces;
  readonly clock: Clock;
  readonly logger: Logger;
  /** False in a short command: what waits is kept, and nobody is asked. */
  readonly asks: boolean;
  /** Throws while nothing may be sent to another computer (`Rehearsal`). */
  readonly demandLinks: () => void;
}

export class PendingDevices {
  readonly #parts: PendingDevicesParts;
  #waiting: readonly Waiting[] = [];
  #timer: Disposable | null = null;
  #asking: Promise<void> = Promise.resolve();
  #wait = FIRST_WAIT;
  readonly #ending = new AbortController();

  constructor(parts: PendingDevicesParts) {
    this.#parts = parts;
  }

  /** Goes on with what waited before. A file that cannot be read is left, and nothing waits. */
  async start(): Promise<void> {
    const read = stored.safeParse(parseJson((await readText(this.#parts.folder.pendingFile)) ?? ''));
    if (read.success) this.#waiting = read.data.waiting;
    this.#ask(0);
  }

  /** Keeps that this computer waits; the code for the other one. Twice for one workspace is once. */
  async answer(link: DeviceLink): Promise<string> {
    const { clock, device } = this.#parts;
    const others = this.#waiting.filter(({ workspace }) => workspace !== link.workspace);
    await this.#keep([...others, { ...link, at: clock.now() }]);
    this.#wait = FIRST_WAIT;
    this.#ask(0);
    return deviceCode(device, link);
  }

  async close(): Promise<void> {
    this.#ending.abort();
    this.#timer?.dispose();
    await this.#asking;
  }

  #ask(wait: number): void {
    this.#timer?.dispose();
    this.#timer = null;
    if (this.#ending.signal.aborted || !this.#parts.asks || this.#waiting.length === 0) return;
    this.#timer = this.#parts.clock.after(wait, () => {
      this.#asking = this.#asking.then(() => this.#askAll());
    });
  }

  async #askAll(): Promise<void> {
    const { clock } = this.#parts;
    const left: Waiting[] = [];
    for (const waiting of this.#waiting) {
      if (this.#ending.signal.aborted) return;
      if (waiting.at + PATIENCE > clock.now() && !(await this.#isIn(waiting))) left.push(waiting);
    }
    if (left.length < this.#waiting.length) await this.#keep(left);
    this.#wait = Math.min(LONGEST_WAIT, this.#wait * 1.5);
    this.#ask(this.#wait);
  }

  async #isIn({ relay, workspace, title }: Waiting): Promise<boolean> {
    const { device, workspaces, logger } = this.#parts;
    const present = workspaces.find(workspace)?.entry();
    if (present && present.mine !== 'keyless') return true;
    try {
      const inside = await knock(relayClient(relay, this.#parts.demandLinks, this.#ending.signal), device, workspace);
      if (!inside?.log.membership.devices.has(device.id)) return false;
      await workspaces.enter(inside.records, { relay, title });
      return true;
    } catch (error) {
      logger.log('info', 'device-waits', { workspace, code: toWireError(error).code });
      return false;
    }
  }

  async #keep(waiting: readonly Waiting[]): Promise<void> {
    const { pendingFile } = this.#parts.folder;
    if (waiting.length === 0) await rm(pendingFile, { force: true });
    else await writeText(pendingFile, `${JSON.stringify({ waiting })}\n`);
    this.#waiting = waiting;
  }
}
