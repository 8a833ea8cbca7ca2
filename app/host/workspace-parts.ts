// What a workspace is made of, and the names of what can become different in it. Types only.
import type { DeviceKey } from '../../shared/access/identity.ts';
import type { Clock } from '../../shared/base/clock.ts';
import type { Logger } from '../../shared/base/logger.ts';
import type { StorageStatus } from '../contract/entities.ts';
import type { Attachments } from './attachments/attachments.ts';
import type { Catalogue } from './catalogue.ts';
import type { DataFolder } from './data-folder.ts';
import type { HostAccess } from './host-access.ts';
import type { Rehearsal } from './rehearsal.ts';
import type { PeerHolders } from './peers/peer-holders.ts';
import type { RelayLink, RelayPlace } from './relay-link.ts';

export interface WorkspaceParts {
  readonly device: DeviceKey;
  /** Ids that this computer had before its key was made anew (KY5). */
  readonly former: readonly string[];
  readonly access: HostAccess;
  readonly folder: DataFolder;
  readonly catalogue: Catalogue;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly storage: () => StorageStatus;
  readonly rehearsal: Rehearsal;
  /** Documents over half their limit, in bytes. */
  readonly large: () => ReadonlyMap<string, number>;
  /** What other members' computers hold, as links to them said. */
  readonly peerHolders: Pick<PeerHolders, 'devices' | 'lastSeen' | 'onChange'>;
  readonly attachments: Pick<Attachments, 'truth' | 'waitingRooms'>;
  /** Makes and starts the link to a relay; null where this host keeps no links (a short command). */
  readonly openLink: ((workspace: string, relay: RelayPlace) => RelayLink) | null;
  /** What waits for the relay where there is no link to it. */
  readonly waitingWithoutLink: (workspace: string) => Promise<ReturnType<RelayLink['outbox']>>;
}

/** What became different; the host announces it. */
export type WorkspacePart = 'about' | 'spaces' | 'members' | 'truths' | 'holders';
