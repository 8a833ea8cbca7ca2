// What a call's handler gets and gives: the host's parts, checked parameters, a result of the contract.
import type { DeviceKey } from '../../shared/access/identity.ts';
import type { Clock } from '../../shared/base/clock.ts';
import type { Logger } from '../../shared/base/logger.ts';
import type { BlobStore } from '../../shared/hub/blob-store.ts';
import type { ClockGuard } from '../../shared/hub/clock-guard.ts';
import type { DocStore } from '../../shared/hub/doc-store.ts';
import type { History } from '../../shared/hub/history/history.ts';
import type { Hub } from '../../shared/hub/hub.ts';
import type { PublishedCursors } from '../../shared/hub/published-cursors.ts';
import type { PurgedRooms } from '../../shared/hub/purged-rooms.ts';
import type { LevelDocStore } from '../../shared/node/level-doc-store.ts';
import type { CallName, CallParams, CallResult } from '../contract/calls.ts';
import type { Caller } from './caller.ts';
import type { Attachments } from './attachments/attachments.ts';
import type { SmallPictures } from './attachments/small-pictures.ts';
import type { BlobUploads } from './attachments/blob-uploads.ts';
import type { Catalogue } from './catalogue.ts';
import type { Bundles } from './bundles/bundles.ts';
import type { DataFolder } from './data-folder.ts';
import type { DeviceKeeper } from './device.ts';
import type { Digests } from './digest/digests.ts';
import type { Doings } from './doings/doings.ts';
import type { Sittings } from './doings/sittings.ts';
import type { HostAccess } from './host-access.ts';
import type { Inbox } from './inbox/inbox.ts';
import type { Jobs } from './jobs.ts';
import type { Landings } from './landings.ts';
import type { Links } from './links/links.ts';
import type { Notifying } from './notify/notifying.ts';
import type { OneByOne } from './one-by-one.ts';
import type { PagePast } from './page-past.ts';
import type { Overlaps } from './overlap/overlaps.ts';
import type { People } from './people/people.ts';
import type { Joinings } from './joinings.ts';
import type { PendingDevices } from './pending-devices.ts';
import type { Door } from './peers/door.ts';
import type { Nearby } from './peers/nearby.ts';
import type { BlobCalls } from './peers/blob-calls.ts';
import type { PeerBlobs } from './peers/peer-blobs.ts';
import type { Peers } from './peers/peers.ts';
import type { AllReceipts } from './receipts/all-receipts.ts';
import type { RecoveredWords } from './recovered/recovered-words.ts';
import type { Rehearsal } from './rehearsal.ts';
import type { RoomDocuments } from './room-documents.ts';
import type { Search } from './search/search.ts';
import type { Settings } from './settings.ts';
import type { Threads } from './threads/threads.ts';
import type { Travel } from './travel/travel.ts';
import type { UnsentDeletions } from './unsent-deletions.ts';
import type { Workspaces } from './workspaces.ts';

export interface HostParts {
  readonly folder: DataFolder;
  readonly version: string;
  readonly device: DeviceKey;
  /** Where its key is kept, and whether it could be opened. */
  readonly keeper: DeviceKeeper;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly store: DocStore;
  /** The same store, for what copies its files. */
  readonly levelStore: LevelDocStore;
  /** What happened to this data folder that its person should know. */
  readonly notices: readonly string[];
  /** Who may do what on this host's hub. */
  readonly access: HostAccess;
  readonly hub: Hub;
  readonly history: History;
  /** Keeps the words of windows whose clocks somebody else took. */
  readonly guard: ClockGuard;
  readonly purged: PurgedRooms;
  readonly documents: RoomDocuments;
  readonly catalogue: Catalogue;
  readonly links: Links;
  readonly threads: Threads;
  /** What people did. */
  readonly doings: Doings;
  /** Who sat at which document when last. */
  readonly sittings: Sittings;
  readonly people: People;
  /** What calls on me. */
  readonly inbox: Inbox;
  /** What I and somebody else changed apart. */
  readonly overlaps: Overlaps;
  /** Who holds what this computer wrote. */
  readonly receipts: AllReceipts;
  readonly search: Search;
  /** What came from others after this computer had been away. */
  readonly landings: Landings;
  readonly digests: Digests;
  /** What shows on the desktop what is new in the inbox, and of which due cards that reminds. */
  readonly notifying: Notifying;
  /** What was taken out of boards here and is known to nobody else. */
  readonly unsent: UnsentDeletions;
  readonly attachments: Attachments;
  readonly smallPictures: SmallPictures;
  readonly uploads: BlobUploads;
  /** Changes in files. */
  readonly bundles: Bundles;
  readonly blobs: BlobStore;
  readonly workspaces: Workspaces;
  /** Links to other members' computers. */
  readonly peers: Peers;
  /** Who of them is beside this one, and how they find one another. */
  readonly nearby: Nearby;
  /** Null where this program keeps no connections to other members' computers. */
  readonly door: Door | null;
  /** Attachments over connections to them. */
  readonly peerBlobs: PeerBlobs;
  readonly blobCalls: BlobCalls;
  /** What other devices hold of this hub, as far as links to them say. */
  readonly held: PublishedCursors;
  /** The one copy in this process: two would write over one another. */
  readonly settings: Settings;
  readonly pending: PendingDevices;
  /** Workspaces that this computer waits to be let into. */
  readonly joinings: Joinings;
  /** Keeps all links off while it is on; whoever opens one obeys it. */
  readonly rehearsal: Rehearsal;
  readonly travel: Travel;
  readonly pagePast: PagePast;
  readonly recovered: RecoveredWords;
  readonly jobs: Jobs;
  /** Cards that go from board to board. */
  readonly goings: OneByOne;
  /** Asks whoever runs this host to end it. */
  readonly requestQuit: () => void;
}

export type CallHandlers = {
  readonly [N in CallName]: (host: HostParts, params: CallParams<N>, caller: Caller) => Promise<CallResult<N>>;
};
