// The composition root of a host: store, hub, catalogue, workspaces with their links, calls and announcements. No socket, no window. One file, for it is the order in which parts open and close.
import { randomBytes } from 'node:crypto';
import { AppError } from '../../shared/base/app-error.ts';
import { systemClock, type Clock } from '../../shared/base/clock.ts';
import { DisposableStore, type Disposable } from '../../shared/base/disposable.ts';
import { Emitter } from '../../shared/base/emitter.ts';
import { silentLogger, type Logger } from '../../shared/base/logger.ts';
import { History } from '../../shared/hub/history/history.ts';
import { ClockGuard } from '../../shared/hub/clock-guard.ts';
import { Hub } from '../../shared/hub/hub.ts';
import { PurgedRooms } from '../../shared/hub/purged-rooms.ts';
import { PublishedCursors } from '../../shared/hub/published-cursors.ts';
import { LargeDocuments } from '../../shared/hub/large-documents.ts';
import { acceptSession } from '../../shared/hub/session.ts';
import type { Transport } from '../../shared/link/transport.ts';
import { FileBlobStore } from '../../shared/node/file-blob-store.ts';
import { LevelDocStore } from '../../shared/node/level-doc-store.ts';
import { segmentSigner } from '../../shared/node/segment-signer.ts';
import { parseRoomName } from '../../shared/protocol/room-name.ts';
import type { Announcement, CallName, CallParams, CallResult } from '../contract/calls.ts';
import { CALL_HANDLERS } from './all-calls.ts';
import { Announcer } from './announcer.ts';
import { Attachments, type OpenBlob } from './attachments/attachments.ts';
import { holdersOfBlob } from './attachments/blob-holders.ts';
import { BlobReferences } from './attachments/blob-references.ts';
import { BlobRows } from './attachments/blob-rows.ts';
import { FetchWishes } from './attachments/fetch-wishes.ts';
import { SmallPictures } from './attachments/small-pictures.ts';
import { BlobUploads } from './attachments/blob-uploads.ts';
import { Bundles } from './bundles/bundles.ts';
import type { HostParts } from './call-handlers.ts';
import { CardTouches } from './card-touches.ts';
import { Catalogue } from './catalogue.ts';
import { endAll, type Ending } from './closing.ts';
import { dataFolderAt, prepareDataFolder, type DataFolder } from './data-folder.ts';
import { DeviceKeeper, formerDevices } from './device.ts';
import { keepDeviceNames } from './device-names.ts';
import { Digests } from './digest/digests.ts';
import { inboxSource } from './digest/inbox-source.ts';
import { Doings } from './doings/doings.ts';
import { Sittings } from './doings/sittings.ts';
import { followCards } from './follow-cards.ts';
import { followMoves } from './follow-moves.ts';
import { HubDocuments } from './hub-documents.ts';
import { Landings } from './landings.ts';
import { Links } from './links/links.ts';
import { Inbox } from './inbox/inbox.ts';
import { Jobs } from './jobs.ts';
import { HostAccess } from './host-access.ts';
import { NO_VAULT, type KeyVault } from './key-vault.ts';
import { keepPurged } from './keep-purged.ts';
import { NO_CALLER, type Caller } from './caller.ts';
import type { Notifier } from './notify/notifier.ts';
import { openNotifying } from './notify/notifying.ts';
import { OneByOne } from './one-by-one.ts';
import { PagePast } from './page-past.ts';
import { AllReceipts } from './receipts/all-receipts.ts';
import { RecoveredWords } from './recovered/recovered-words.ts';
import { LinkWatch } from './overlap/link-watch.ts';
import { overlapSource } from './overlap/overlap-source.ts';
import { Overlaps } from './overlap/overlaps.ts';
import { People } from './people/people.ts';
import { Joinings } from './joinings.ts';
import { PendingDevices } from './pending-devices.ts';
import { ownOrCarried } from './peers/own-or-carried.ts';
import { CarriedRooms } from './peers/carried-rooms.ts';
import type { Multicast } from './peers/discovery/multicast.ts';
import { ALL_ADDRESSES, Door, type PeerOptions } from './peers/door.ts';
import { Nearby } from './peers/nearby.ts';
import { joinAtAddress } from './peers/newcomer.ts';
import { PeerHolders } from './peers/peer-holders.ts';
import { BlobCalls } from './peers/blob-calls.ts';
import { PeerBlobs } from './peers/peer-blobs.ts';
import { Peers } from './peers/peers.ts';
import { lookAtPlace, noticesOf } from './place.ts';
import { Rehearsal } from './rehearsal.ts';
import { refuseForgottenStore } from './recovery-ways.ts';
import { openRelayLink, waitingWithoutLink } from './relay-link.ts';
import { Search } from './search/search.ts';
import { Settings } from './settings.ts';
import { Snapshots } from './snapshots.ts';
import { Threads } from './threads/threads.ts';
import type { WindowHost } from './window-host.ts';
import { sessionAuthor } from './session-author.ts';
import { freeBytes } from './travel/free-bytes.ts';
import { Travel } from './travel/travel.ts';
import { UnsentDeletions } from './unsent-deletions.ts';
import { Workspaces } from './workspaces.ts';

export interface HostOptions {
  readonly dataFolder: string;
  readonly version: string;
  /** Whether it keeps in step with relays; a short command needs no links. Default: true. */
  readonly links?: boolean;
  /** Whether it makes its rolling snapshots. Default: as `links`. */
  readonly snapshots?: boolean;
  /** Where other members' computers come in, and that this one calls theirs; left out or null: neither. */
  readonly peers?: PeerOptions | null;
  /** Opens what says on the network that this computer is here, and hears others; left out: neither. Only where `peers` is given. */
  readonly multicast?: (logger: Logger) => Multicast;
  readonly clock?: Clock;
  readonly logger?: Logger;
  /** The system's keyring; left out: this program reaches none. */
  readonly vault?: KeyVault;
  /** The built thread of the search index (`dist/search.cjs`); left out: it runs in this thread, and only once somebody asks. */
  readonly searchThread?: string;
  /** What shows notifications; left out: the windows of a browser that are open. */
  readonly notifier?: Notifier;
}

/** Where a computer listens on one of its addresses, it calls from there. */
function callingFrom(peers: PeerOptions | null | undefined): string | null {
  return !peers || peers.listen === ALL_ADDRESSES ? null : peers.listen;
}

/** A host that runs. Whoever started it calls close(). */
export class Host implements WindowHost {
  readonly logger: Logger;
  readonly #parts: HostParts;
  readonly #announcer: Announcer;
  readonly #quit: Emitter<void>;
  readonly #held = new DisposableStore();
  readonly #endings: Ending[] = [];
  #closing: Promise<void> | null = null;

  constructor(parts: HostParts, quit: Emitter<void>) {
    this.#parts = parts;
    this.logger = parts.logger;
    this.#quit = quit;
    this.#announcer = this.#held.add(new Announcer(parts));
  }

  /** For what is built beside it in the same process. */
  get parts(): HostParts {
    return this.#parts;
  }

  get folder(): DataFolder {
    return this.#parts.folder;
  }

  get settings(): Settings {
    return this.#parts.settings;
  }

  /** Everything that windows are told unasked. */
  get onAnnouncement(): (listener: (announcement: Announcement) => void) => Disposable {
    return this.#announcer.onAnnouncement;
  }

  /** A window or command asked for the end; whoever runs this host closes it then. */
  get onQuit(): (listener: () => void) => Disposable {
    return this.#quit.event;
  }

  /** A call with checked parameters. Rejects with AppErrors. */
  call<N extends CallName>(name: N, params: CallParams<N>, caller: Caller = NO_CALLER): Promise<CallResult<N>> {
    const handler: (host: HostParts, params: CallParams<N>, caller: Caller) => Promise<CallResult<N>> =
      CALL_HANDLERS[name];
    const answer = handler(this.#parts, params, caller);
    const { closed } = this.#parts.keeper;
    return closed === null ? answer : answer.catch((error: unknown) => Promise.reject(keyFirst(error, closed)));
  }

  /** A window's socket for one room. While it is open the room goes first on the link. `ack`: it wants to hear what is durable. */
  serveRoom(room: string, ack: boolean, transport: Transport): void {
    const { hub, clock, logger, device, workspaces } = this.#parts;
    const workspace = workspaces.find(parseRoomName(room)?.workspace ?? '');
    const pins = [workspace?.pin(room), this.#parts.peers.pin(room)];
    transport.onClose(() => {
      for (const pin of pins) pin?.dispose();
    });
    const principal = { device: device.id, member: workspace?.about.member ?? null };
    acceptSession(transport, { source: hub, room, principal, ack, clock, logger });
  }

  /** The bytes of an attachment, to whom a document of that space may be shown here. */
  openBlob(workspace: string, space: string, blob: string): Promise<OpenBlob | null> {
    return this.#parts.attachments.open({ workspace, space, blob });
  }

  /** Work of this host that ends before its store does. */
  onClosing(ending: Ending): void {
    this.#endings.push(ending);
  }

  /** Stores what is under way and closes the folder; nothing is left running. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** In this order: whoever reads or writes ends before what it reads or writes. */
  #close(): Promise<void> {
    const parts = this.#parts;
    return endAll(
      [
        { part: 'jobs', end: () => parts.jobs.close() },
        ...this.#endings,
        { part: 'announcer', end: () => this.#held.dispose() },
        { part: 'pending', end: () => parts.pending.close() },
        { part: 'joinings', end: () => parts.joinings.close() },
        { part: 'uploads', end: () => parts.uploads.close() },
        { part: 'bundles', end: () => parts.bundles.close() },
        { part: 'small-pictures', end: () => parts.smallPictures.close() },
        { part: 'blob-calls', end: () => parts.blobCalls.dispose() },
        { part: 'peer-blobs', end: () => parts.peerBlobs.close() },
        { part: 'attachments', end: () => parts.attachments.close() },
        { part: 'search', end: () => parts.search.close() },
        { part: 'nearby', end: () => parts.nearby.close() },
        { part: 'peers', end: () => parts.peers.close() },
        { part: 'door', end: () => parts.door?.close() },
        { part: 'workspaces', end: () => parts.workspaces.close() },
        { part: 'digests', end: () => parts.digests.close() },
        { part: 'purged', end: () => parts.purged.close() },
        { part: 'catalogue', end: () => parts.catalogue.close() },
        { part: 'links', end: () => parts.links.close() },
        { part: 'threads', end: () => parts.threads.close() },
        { part: 'people', end: () => parts.people.close() },
        { part: 'overlaps', end: () => parts.overlaps.close() },
        { part: 'inbox', end: () => parts.inbox.close() },
        { part: 'doings', end: () => parts.doings.close() },
        { part: 'sittings', end: () => parts.sittings.close() },
        { part: 'landings', end: () => parts.landings.close() },
        { part: 'hub', end: () => parts.hub.close(), stores: true },
        { part: 'held', end: () => parts.held.close() },
        { part: 'receipts', end: () => parts.receipts.close() },
        { part: 'unsent', end: () => parts.unsent.close() },
        { part: 'history', end: () => parts.history.close(), stores: true },
        { part: 'guard', end: () => parts.guard.close(), stores: true },
        { part: 'store', end: () => parts.store.close(), stores: true },
        { part: 'access', end: () => parts.access.dispose() },
        { part: 'travel', end: () => parts.travel.close() },
        { part: 'rehearsal', end: () => parts.rehearsal.dispose() },
        { part: 'quit', end: () => this.#quit.clear() },
      ],
      parts,
    );
  }
}

/** Where the key cannot be opened nothing is allowed that writes: that is the reason, whatever noticed it first. */
function keyFirst(error: unknown, closed: string): unknown {
  if (!(error instanceof AppError) || error.code !== 'not-allowed') return error;
  return new AppError('not-allowed', `${closed} Nothing was changed.`, { cause: error });
}

/** Opens a data folder and runs it. Throws `locked`, `damaged`, `too-new`, `read-only` or `disk-full`, and then holds nothing. */
export async function startHost(options: HostOptions): Promise<Host> {
  const clock = options.clock ?? systemClock;
  const logger = options.logger ?? silentLogger;
  const folder = dataFolderAt(options.dataFolder);
  await prepareDataFolder(folder);
  await refuseForgottenStore(folder);
  const place = await lookAtPlace(folder);
  const store = await LevelDocStore.open({ directory: folder.store, newIdentity: place.isCopy });
  const undo: (() => Promise<void>)[] = [() => store.close()];
  try {
    const notices = noticesOf(place, clock.now());
    await place.settle(notices);
    if (place.isCopy) logger.log('warn', 'new-identity', { hub: store.hub });
    const settings = await Settings.open(folder);
    const keeper = await DeviceKeeper.open(folder, options.vault ?? NO_VAULT, settings.keyring);
    const { key: device, closed } = keeper;
    if (closed !== null) logger.log('warn', 'key-not-open', { keyring: keeper.keyring });
    const former = await formerDevices(folder);
    const access = new HostAccess(device.id, clock, closed !== null);
    undo.push(async () => access.dispose());
    const { history: retention, snapshots: limits } = settings;
    const linkWatch: LinkWatch = new LinkWatch(clock, (workspace) => landings.upAt(workspace));
    undo.push(() => Promise.resolve(linkWatch.dispose()));
    const history = new History({
      ...{ store, signer: segmentSigner(device), clock, logger, retention },
      apartSince: (room) => linkWatch.apartSince(room),
    });
    undo.push(() => history.close());
    linkWatch.onLinked((workspace) => history.endApart(workspace));
    const guard = new ClockGuard({
      values: store.values,
      clock,
      // Small, so that of what was written at one place since these words stand first, where they were typed.
      freshClient: () => randomBytes(3).readUIntBE(0, 3),
      onFailure: (error) => logger.log('warn', 'own-clients-not-stored', { error: String(error) }),
    });
    await guard.load();
    undo.push(() => guard.close());
    const large = new LargeDocuments(store.values, logger);
    await large.load();
    const touches: CardTouches = new CardTouches({
      documents: { edit: (room, change) => documents.edit(room, change) },
      row: (room) => catalogue.row(room),
      memberOf: (workspace) => workspaces.find(workspace)?.about.member ?? null,
      clock,
      logger: logger.child('boards'),
    });
    const unsent = new UnsentDeletions({
      values: store.values,
      clock,
      logger: logger.child('boards'),
      isBoard: (room) => catalogue.row(room)?.kind === 'board',
    });
    await unsent.load();
    undo.push(() => unsent.close());
    const landings = await Landings.open({ values: store.values, clock, logger: logger.child('landings') });
    undo.push(() => landings.close());
    const recorder = unsent.hearing(touches.hearing(history.recorder));
    const hub = new Hub({
      store,
      access,
      clock,
      logger: logger.child('hub'),
      recorder,
      guard,
      large,
      onArriving: (room, clocks, facts, before) => {
        const fresh = landings.arriving(room, clocks, facts);
        if (fresh) digests.arriving(room, fresh, clocks.size === 0, before);
      },
    });
    undo.push(() => hub.close());
    const purged = new PurgedRooms({ hub, store, history, guard, logger: logger.child('purging') });
    undo.push(() => purged.close());
    const principal = { device: device.id, member: null };
    const documents = new HubDocuments(hub, store, principal);
    const { values } = store;
    const catalogue = await Catalogue.open({
      values,
      documents,
      source: hub,
      principal,
      clock,
      logger: logger.child('catalogue'),
    });
    undo.push(() => catalogue.close());
    const links = await Links.open({ values, documents, source: hub, principal, clock, logger: logger.child('links') });
    undo.push(() => links.close());
    const threads = await Threads.open({
      values,
      documents,
      source: hub,
      principal,
      clock,
      logger: logger.child('threads'),
    });
    undo.push(() => threads.close());
    const people = await People.open({
      values,
      documents,
      source: hub,
      principal,
      clock,
      logger: logger.child('people'),
    });
    undo.push(() => people.close());
    const doings = await Doings.open({
      values,
      documents,
      source: hub,
      principal,
      clock,
      logger: logger.child('doings'),
    });
    undo.push(() => doings.close());
    const sittings = await Sittings.open({ values, history, logger: logger.child('doings') });
    undo.push(() => sittings.close());
    const blobs = await FileBlobStore.open(folder.blobs, clock.now());
    const blobRows = await BlobRows.open(values);
    const wishes = new FetchWishes();
    const references = await BlobReferences.open({
      values,
      store,
      source: hub,
      principal,
      clock,
      logger: logger.child('attachments'),
    });
    const attachments = new Attachments({
      device: device.id,
      access,
      blobs,
      rows: blobRows,
      references,
      wishes,
      clock,
      logger: logger.child('attachments'),
      links: options.links !== false,
    });
    undo.push(() => attachments.close());
    const smallPictures = new SmallPictures(folder.smallPictures, attachments);
    undo.push(() => smallPictures.close());
    const bundles = await Bundles.open(folder, values, clock);
    undo.push(() => bundles.close());
    const uploads = new BlobUploads(blobs, attachments, clock);
    undo.push(() => uploads.close());
    const rehearsal = new Rehearsal(clock);
    undo.push(() => Promise.resolve(rehearsal.dispose()));
    const calling = new AbortController();
    const linked = { device: device.id, source: hub, history, values, clock, logger, rehearsal };
    const held = new PublishedCursors({ values, source: hub, clock, logger: logger.child('peers') });
    undo.push(() => held.close());
    const peerHolders = new PeerHolders({ book: held, store, logger: logger.child('peers') });
    const workspaces = new Workspaces({
      folder,
      device,
      former,
      access,
      documents,
      catalogue,
      clock,
      logger: logger.child('workspaces'),
      storage: () => hub.storage,
      large: () => large.sizes,
      peerHolders,
      rehearsal,
      attachments,
      openLink: options.links === false ? null : (workspace, place) => openRelayLink(linked, workspace, place),
      waitingWithoutLink: (workspace) => waitingWithoutLink(linked, workspace),
      joinAt:
        options.links === false
          ? null
          : async (link, record) => {
              rehearsal.demandLinks();
              return joinAtAddress({ device, clock, from: callingFrom(options.peers) }, link, record, calling.signal);
            },
    });
    undo.push(() => workspaces.close());
    const carry = new CarriedRooms({
      access,
      history,
      source: hub,
      device: device.id,
      clock,
      logger: logger.child('peers'),
    });
    undo.push(() => Promise.resolve(carry.dispose()));
    const mayCall = options.links !== false && closed === null;
    const nearby = new Nearby({
      ...{ device: device.id, settings, workspaces, rehearsal, links: mayCall, clock },
      listen: !options.peers || options.peers.listen === ALL_ADDRESSES ? null : options.peers.listen,
      logger: logger.child('nearby'),
    });
    const mayHand = ownOrCarried({ access, guard, device: device.id, clock });
    const peers = new Peers({
      ...{
        device: device.id,
        source: hub,
        history,
        carry,
        mayHand,
        values,
        book: held,
        clock,
        logger,
        access,
        workspaces,
      },
      switches: nearby.switches,
      rehearsing: rehearsal,
    });
    undo.push(() => peers.close());
    undo.push(() => nearby.close());
    const door =
      options.peers && mayCall
        ? new Door({
            ...{
              device,
              workspaces,
              settings,
              options: options.peers,
              codes: nearby.codes,
              clock,
              rehearsing: rehearsal,
            },
            logger: logger.child('door'),
          })
        : null;
    undo.push(async () => door?.close());
    door?.serve('link', (connection) => peers.accept(connection));
    const peerBlobs = await PeerBlobs.open({
      ...{ device: device.id, attachments, rows: blobRows, blobs, values, clock, logger: logger.child('attachments') },
      membership: (workspace) => workspaces.find(workspace)?.log.membership ?? null,
      onRights: access.onChange,
      reach: (id) => {
        const isOnline = workspaces.find(id)?.link?.status.state === 'online';
        return isOnline ? (blobRows.shelf(id) ?? '') : '';
      },
      isQuiet: (workspace, other) => peers.isQuiet(workspace, other),
    });
    undo.push(() => peerBlobs.close());
    const blobCalls = new BlobCalls({ peers, blobs: peerBlobs, clock, logger: logger.child('attachments') });
    undo.push(() => Promise.resolve(blobCalls.dispose()));
    door?.serve('blobs', (connection) => blobCalls.accept(connection));
    workspaces.onAdded((workspace) => {
      workspace.onChange((part) => {
        if (part === 'truths') peerBlobs.reachChanged(workspace.id);
      });
    });
    workspaces.onRemoved((workspace) => peerBlobs.leave(workspace));
    const inbox = await Inbox.open({
      values,
      documents,
      source: hub,
      principal,
      clock,
      logger: logger.child('inbox'),
      threads,
      people,
      catalogue,
      sittings,
      workspaces,
    });
    undo.push(() => inbox.close());
    const digests: Digests = await Digests.open({
      values,
      documents,
      source: hub,
      catalogue,
      threads,
      history,
      landings,
      workspaces,
      sources: [inboxSource(inbox)],
      clock,
      logger: logger.child('digests'),
    });
    undo.push(() => digests.close());
    const notifying = await openNotifying({
      inbox,
      landings,
      digests,
      documents,
      settings,
      workspaces,
      catalogue,
      values,
      source: hub,
      principal,
      clock,
      logger: logger.child('notify'),
      notifier: options.notifier ?? null,
      reminds: options.links !== false,
    });
    undo.push(() => notifying.due.close());
    undo.push(() => notifying.notify.close());
    workspaces.onAdded((workspace) => attachments.watch(workspace));
    workspaces.onAdded((workspace) => {
      landings.watch(workspace);
      linkWatch.watch(workspace);
      workspace.onChange((part) => {
        if (part === 'truths') unsent.settle((room) => workspaces.isWaiting(room));
      });
    });
    workspaces.onRemoved((workspace) => {
      landings.forget(workspace).catch((error: unknown) => {
        logger.log('warn', 'landing-not-forgotten', { workspace, error: String(error) });
      });
    });
    const overlaps = await Overlaps.open({
      ...{ values, history, hub, documents, catalogue, clock, logger: logger.child('overlaps') },
      authorOf: (room, session) => sessionAuthor(workspaces.get(parseRoomName(room)?.workspace ?? '').log, session),
      me: (workspace) => {
        const member = workspaces.find(workspace)?.about.member;
        return member === undefined ? null : { member, device: device.id };
      },
      mayRead: (workspace, space) => workspaces.find(workspace)?.mayRead(space) ?? false,
    });
    undo.push(() => overlaps.close());
    inbox.addSource(overlapSource(overlaps));
    const receipting = { values, source: hub, principal, clock, logger: logger.child('receipts') };
    const receipts = new AllReceipts(receipting, peerHolders);
    undo.push(() => receipts.close());
    workspaces.onAdded((workspace) => receipts.watch(workspace));
    workspaces.onRemoved((workspace) => receipts.leave(workspace));
    const travel = new Travel({
      ...{ store, source: hub, documents, catalogue, links, landings, workspaces, peers, clock },
      ...{ attachments, references, rows: blobRows, wishes, blobs },
      holdersOf: (at) => holdersOfBlob({ attachments, documents, history, peerBlobs, workspaces }, at),
      free: () => freeBytes(folder.root),
    });
    undo.push(() => Promise.resolve(travel.close()));
    workspaces.onRemoved((workspace) => {
      travel.forget(workspace).catch((error: unknown) => {
        logger.log('warn', 'travel-not-forgotten', { workspace, error: String(error) });
      });
    });
    const goings = new OneByOne();
    if (closed === null) {
      const moving = { hub, device, documents, catalogue, attachments, logger: logger.child('moves') };
      followMoves(moving);
      followCards({ ...moving, clock, access, workspaces, goings });
    }
    const search = new Search({
      store,
      workspaces,
      folder: folder.search,
      thread: options.searchThread ?? null,
      early: options.searchThread !== undefined && options.links !== false,
      source: hub,
      principal,
      clock,
      logger: logger.child('search'),
    });
    undo.push(() => search.close());
    keepPurged({
      workspaces,
      purged,
      catalogue,
      links,
      threads,
      people,
      doings,
      inbox,
      digests,
      due: notifying.due,
      overlaps,
      search,
      attachments,
      receipts,
    });
    const asks = options.links !== false && closed === null;
    const { demandLinks } = rehearsal;
    const asking = { folder, device, workspaces, clock, logger: logger.child('pending'), asks, demandLinks };
    const pending = new PendingDevices(asking);
    undo.push(() => pending.close());
    const joinings = new Joinings({
      ...{ folder, workspaces, peers, clock, logger: logger.child('joining'), asks, calling },
    });
    undo.push(() => joinings.close());
    const quit = new Emitter<void>();
    const jobs = new Jobs(clock);
    const pagePast = new PagePast({ history, hub, clock });
    undo.push(() => Promise.resolve(pagePast.dispose()));
    const recovered = new RecoveredWords({
      history,
      hub,
      clock,
      authorOf: (room, session) => sessionAuthor(workspaces.get(parseRoomName(room)?.workspace ?? '').log, session),
    });
    undo.push(() => Promise.resolve(recovered.dispose()));
    const host = new Host(
      {
        folder,
        version: options.version,
        device,
        keeper,
        clock,
        logger,
        store,
        levelStore: store,
        notices,
        access,
        hub,
        history,
        guard,
        purged,
        documents,
        catalogue,
        links,
        threads,
        people,
        inbox,
        overlaps,
        receipts,
        search,
        notifying,
        doings,
        sittings,
        landings,
        digests,
        unsent,
        attachments,
        smallPictures,
        uploads,
        bundles,
        blobs,
        workspaces,
        peers,
        nearby,
        door,
        peerBlobs,
        blobCalls,
        held,
        settings,
        pending,
        joinings,
        rehearsal,
        travel,
        pagePast,
        recovered,
        jobs,
        goings,
        requestQuit: () => quit.fire(),
      },
      quit,
    );
    host.onClosing({ part: 'touches', end: () => touches.close(), stores: true });
    host.onClosing({ part: 'carry', end: () => carry.dispose() });
    host.onClosing({ part: 'notify', end: () => notifying.notify.close() });
    host.onClosing({ part: 'due', end: () => notifying.due.close() });
    if (closed === null) keepDeviceNames({ device: device.id, settings, workspaces, catalogue, documents, logger });
    workspaces.onAdded(({ id }) => {
      links.watch(id).catch((error: unknown) => {
        logger.log('warn', 'links-not-watched', { workspace: id, error: String(error) });
      });
      threads.watch(id).catch((error: unknown) => {
        logger.log('warn', 'threads-not-watched', { workspace: id, error: String(error) });
      });
      people.watch(id).catch((error: unknown) => {
        logger.log('warn', 'people-not-watched', { workspace: id, error: String(error) });
      });
      overlaps.watch(id).catch((error: unknown) => {
        logger.log('warn', 'overlaps-not-watched', { workspace: id, error: String(error) });
      });
      inbox.watch(id).catch((error: unknown) => {
        logger.log('warn', 'inbox-not-watched', { workspace: id, error: String(error) });
      });
      digests.watch(id).catch((error: unknown) => {
        logger.log('warn', 'digests-not-watched', { workspace: id, error: String(error) });
      });
      Promise.all([doings.watch(id), sittings.watch(id)]).catch((error: unknown) => {
        logger.log('warn', 'doings-not-watched', { workspace: id, error: String(error) });
      });
    });
    await workspaces.openAll();
    notifying.notify.start();
    await pending.start();
    await joinings.start();
    if (options.snapshots ?? options.links !== false) {
      const snapshots = new Snapshots({ folder, store, clock, limits, logger: logger.child('snapshots') });
      snapshots.start();
      host.onClosing({ part: 'snapshots', end: () => snapshots.close() });
    }
    await door?.listen();
    nearby.join({ peers, door, multicast: (door && options.multicast?.(logger.child('multicast'))) ?? null });
    // What sessions left is cut with a signature.
    if (closed === null) history.start();
    return host;
  } catch (error) {
    for (const close of undo.reverse()) await close();
    throw error;
  }
}
