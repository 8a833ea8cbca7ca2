// A computer that answered a device link and waits to be let in: it asks the relay again and again, also after a restart.
import { z } from 'zod';
import type { DeviceKey } from '../../shared/access/identity.ts';
import { toWireError } from '../../shared/base/app-error.ts';
import type { Clock } from '../../shared/base/clock.ts';
import type { Logger } from '../../shared/base/logger.ts';
import type { DataFolder } from './data-folder.ts';
import { deviceCode, type DeviceLink } from './device-link.ts';
import { knock } from './enter-relay.ts';
import { relayClient } from './relay-client.ts';
import { WaitingList } from './waiting-list.ts';
import type { Workspaces } from './workspaces.ts';

const entry = z.strictObject({
  relay: z.string().max(2_000),
  workspace: z.string().max(64),
  member: z.string().max(64),
  title: z.string().max(2_000),
  at: z.number(),
});
type Waiting = z.output<typeof entry>;

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
  readonly #list: WaitingList<Waiting>;
  readonly #ending = new AbortController();

  constructor(parts: PendingDevicesParts) {
    this.#parts = parts;
    const { folder, clock, asks } = parts;
    const attempt = async (waiting: Waiting): Promise<Waiting | null> => ((await this.#isIn(waiting)) ? null : waiting);
    this.#list = new WaitingList({ file: folder.pendingFile, name: 'waiting', entry, clock, asks, attempt });
  }

  /** Goes on with what waited before. */
  start(): Promise<void> {
    return this.#list.start();
  }

  /** Keeps that this computer waits; the code for the other one. Twice for one workspace is once. */
  async answer(link: DeviceLink): Promise<string> {
    const { clock, device } = this.#parts;
    const { relay, workspace, member, title } = link;
    const waiting = { relay, workspace, member, title, at: clock.now() };
    await this.#list.keep((all) => [...all.filter((one) => one.workspace !== workspace), waiting]);
    this.#list.askSoon('once');
    return deviceCode(device, link);
  }

  async close(): Promise<void> {
    this.#ending.abort();
    await this.#list.close();
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
}
