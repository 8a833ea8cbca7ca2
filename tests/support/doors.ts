// Doors of members' computers on loopback addresses, with membership logs and no host around them; all is closed when the test ends.
import { onTestFinished } from 'vitest';
import { dataFolderAt, prepareDataFolder } from '../../app/host/data-folder.ts';
import { WorkspaceLog } from '../../app/host/membership.ts';
import { Door, type DoorParts } from '../../app/host/peers/door.ts';
import type {
  PeerAddress,
  PeerConnection,
  PeerExpectation,
  PeerPurpose,
} from '../../app/host/peers/peer-connection.ts';
import type { DeviceKey } from '../../shared/access/identity.ts';
import { signHead } from '../../shared/access/log-head.ts';
import type { Word } from '../../app/host/order-file.ts';
import { systemClock, type Clock } from '../../shared/base/clock.ts';
import { silentLogger } from '../../shared/base/logger.ts';
import { temporaryFolder } from './temp-folder.ts';

export interface DoorTerms extends Partial<Pick<DoorParts, 'codes' | 'versions' | 'logger' | 'rehearsing'>> {
  readonly address?: string;
  readonly clock?: Clock;
  readonly port?: number;
  /** Whoever orders the logs has signed for them: only such records are handed on. */
  readonly orderedBy?: DeviceKey;
}

async function wordOn({ workspace, records, membership }: WorkspaceLog, by: DeviceKey): Promise<Word> {
  const said = { length: records.length, head: membership.head };
  return { ...said, text: await signHead(by, { workspace, ...said, at: 1 }) };
}

/** A member's computer: its log of each workspace, and its door. */
export class DoorComputer {
  readonly key: DeviceKey;
  readonly logs: readonly WorkspaceLog[];
  readonly door: Door;
  readonly came: PeerConnection[] = [];
  readonly #address: string;
  #waiting: (() => void)[] = [];

  private constructor(key: DeviceKey, logs: readonly WorkspaceLog[], door: Door, address: string) {
    this.key = key;
    this.logs = logs;
    this.door = door;
    this.#address = address;
  }

  /** @param copies the records of each workspace that it has. */
  static async start(
    key: DeviceKey,
    copies: readonly (readonly string[])[],
    { address = '127.0.0.1', clock = systemClock, port, orderedBy, ...terms }: DoorTerms = {},
  ): Promise<DoorComputer> {
    const folder = dataFolderAt(await temporaryFolder());
    await prepareDataFolder(folder);
    const logs: WorkspaceLog[] = [];
    for (const records of copies) {
      const log = await WorkspaceLog.open(folder, key, clock, records);
      await log.store();
      if (orderedBy) await log.settle(await wordOn(log, orderedBy));
      logs.push(log);
    }
    let peerPort: number | null = null;
    const door = new Door({
      device: key,
      workspaces: {
        all: logs.map((log) => ({ log })),
        find: (id) => logs.filter((log) => log.workspace === id).map((log) => ({ log }))[0] ?? null,
      },
      settings: {
        get peerPort() {
          return peerPort;
        },
        setPeerPort: async (chosen) => void (peerPort = chosen),
      },
      options: { listen: address, ...(port === undefined ? {} : { port }) },
      clock,
      logger: silentLogger,
      ...terms,
    });
    onTestFinished(() => door.close());
    const computer = new DoorComputer(key, logs, door, address);
    for (const purpose of ['link', 'log', 'blobs'] as const) door.serve(purpose, (one) => computer.#took(one));
    await door.listen();
    return computer;
  }

  get log(): WorkspaceLog {
    return this.logs[0]!;
  }

  get address(): PeerAddress {
    return { host: this.#address, port: this.door.port ?? 0 };
  }

  dial(other: { readonly address: PeerAddress }, purpose: PeerPurpose = 'link', expected?: PeerExpectation) {
    return this.door.dial(this.log.workspace, other.address, purpose, expected);
  }

  /** The first connection that came in. */
  async arrived(): Promise<PeerConnection> {
    while (this.came.length === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return this.came[0]!;
  }

  #took(connection: PeerConnection): void {
    this.came.push(connection);
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
