// Every limit of the wire in one table, each with its reason: what is beyond one is closed, cut or refused. Bytes and milliseconds. One file, for it is a table.
//
// `shared/access` may import nothing from here, and other things have tables of their own; each limit there has its reason as well:
// - RECORD_LIMIT in shared/access/record-codec.ts: a record of a membership log
// - LOG_LIMIT in shared/access/membership-log.ts: records of a log
// - HEAD_LIMIT in shared/access/log-head.ts: a signed head
// - TICKET_LIMIT and TICKET_LIFE in shared/access/ticket.ts: a ticket or challenge, and its age
// - INVITE_LIFE, DEVICES and OPEN_INVITES in shared/access/log-rules.ts: an invitation's age, devices of a member, open invitations
// - PENDING_LIMITS in shared/access/pending-records.ts: what is carried for others until it is in order
// - HUB_LIMITS in shared/hub/hub-limits.ts: when a hub unloads and merges
// - BUNDLE_LIMITS in app/host/bundles/bundle-limits.ts: what a bundle holds
// What a reader of a document heeds stands where it is read, in shared/model, and in docs/documents.md.

const KiB = 1024;
const MiB = 1024 * KiB;

export const LIMITS = Object.freeze({
  /** A frame before authentication: a hello fits many times over, an attack does not. */
  unauthenticatedFrame: 64 * KiB,
  /** How long an unauthenticated socket may stay. */
  unauthenticatedTime: 5_000,
  /** A document; beyond it a laptop of 8 GB begins to swap when several are open. */
  document: 32 * MiB,
  /** From here the document's people are warned. */
  documentWarning: 16 * MiB,
  /** Structs, deleted ranges and values of a document: a reader builds an object of some 300 bytes for each, from 2 bytes. */
  items: 1_000_000,
  /** How deep a value may be nested: deeper ones exhaust the stack of readers that recurse, honest clients among them; people nest a handful. */
  valueDepth: 200,
  /** How deep shared types may be nested in a document: readers recurse, and what people write is a dozen levels deep. */
  typeDepth: 500,
  /** A state vector that is asked with: half a million sessions in one document. */
  stateVector: 4 * MiB,
  /** One authenticated frame or update: a whole document and its envelope. */
  frame: 32 * MiB + 64 * KiB,
  /** A WebSocket message at a relay: somewhat above `frame`, so that what is too large is refused with a code that a client understands. */
  socketMessage: 32 * MiB + 128 * KiB,
  /** A segment of history: what a session is cut at, a last update as large as a document, and the envelope with its clients. */
  segment: 32 * MiB + 512 * KiB,
  /** Updates of one segment: half an hour of a program that writes fifty times a second. */
  segmentUpdates: 100_000,
  /** Yjs clients named by one segment: more than ever wrote in a document of many years. */
  segmentClients: 20_000,
  /** An attachment: an hour of a recorded screen. A relay reads it whole once, in about a second, and a laptop keeps all of them. */
  blob: 256 * MiB,
  /** Bytes of an attachment in one request: after each, text that waits goes first, and a slow line (35 kB/s) brings it in time. */
  blobChunk: 1 * MiB,
  /** Attachments that one device has begun to bring to a relay and not finished: a host brings one after the other. */
  blobsUnfinished: 16,
  /** Requests for attachments of one device that are under way at once: what a browser would open to one server. */
  blobRequests: 6,
  /** A piece of an attachment between two hosts: small beside what a wireless network carries in the blink of an eye, for text waits for none that is on its way. */
  peerBlobPiece: 128 * KiB,
  /** One frame of such a connection: a piece and its envelope, or a full list of names. */
  peerBlobFrame: 160 * KiB,
  /** Attachments named in one question, answer or announcement: an entry may be some 100 bytes, so a full list is below `peerBlobFrame`. */
  peerBlobsNamed: 500,
  /** Pieces that one end asks for at once: one a file that is being fetched, and hosts fetch one after the other from each other. */
  peerBlobsWanted: 4,
  /** The bytes of a link's `data` frame; larger messages are cut, so that one document does not hold up the others. */
  fragment: 64 * KiB,
  /** One frame of a link: a fragment, or a full list of changes or cursors. */
  linkFrame: 256 * KiB,
  /** Ids in frames: a SHA-256 in hexadecimal digits is the longest. */
  idText: 64,
  /** Spaces: an id with a sign before it. */
  spaceText: 65,
  /** Rooms as `<space>/<document>`, with some to spare. */
  roomText: 140,
  /** The reason of a close: three sentences for people. */
  reasonText: 500,
  /** A room's name in the path of a socket: its parts are below it together, so that nothing longer is taken apart. */
  roomPath: 200,
  /** Versions in a hello or greeting: a program speaks the last few. */
  versionsNamed: 32,
  /** The pieces of unfinished messages on one link: an urgent and a patient message may be under way at once. */
  unfinished: 2 * (32 * MiB + 64 * KiB),
  /** Channels that a link opens at once to catch up; more only lengthen the queues on both ends. */
  catchUpChannels: 64,
  /** Times that a message may build on something missing before its channel is given up. */
  gapAnswers: 3,
  /** Time for an answer after a pause of this end (sleep), and for a dial. */
  answer: 5_000,
  /** One client's presence state. */
  presence: 8 * KiB,
  /** Presence frames of one session in one second; a caret moves slower. */
  presencePerSecond: 20,
  /** Presence entries of one session: a link carries a window's worth for each room, a stock client one. */
  presenceClients: 64,
  /** Bytes waiting in a socket behind the message in flight, before it is closed with 4509. */
  backlog: 8 * MiB,
  /** Updates of one socket that wait for the disk, before it is read no further: more than a full group commit holds. */
  readAhead: 512 * KiB,
  /** The same of a link, with what was sent to rooms that still load: less than waits while two thousand rooms are written in held the sender up (4 MiB: 51,000 updates a second in place of 80,000). */
  linkReadAhead: 16 * MiB,
  /** How long the other end may take to answer a close, before the connection is cut. */
  closing: 2_000,
  /** Sockets of one device: one a document in a browser, and a link. */
  socketsPerDevice: 200,
  /** The path of a socket that a window opens, and each subprotocol with it: a room's name and its prefix many times over. */
  portText: 2_000,
  /** Subprotocols that a window offers: it has two. */
  portProtocols: 10,
  /** Silence after which a ping is sent. */
  heartbeat: 15_000,
  /** Silence after which the other end counts as gone: a half-open connection is noticed within 45 s. */
  silence: 40_000,
  /** Rooms that a link may hold open at once. */
  channels: 4096,
  /** Relays that a host names to another: a team has one, a member of several teams has one link for each. */
  relaysNamed: 16,
  /** Frames of one `batch`: those of the rooms that catch up at once, ten for each; more answers to one message only pile up. */
  framesPerBatch: 1000,
  /** Frames of cursors that belong to one request: with `spacesPerFrame` more spaces than a workspace has. */
  followFrames: 20,
  /** Requests for lists that wait for their answer: each reads lists from the store, and an honest end waits for one before the next. */
  followRequests: 64,
  /** Entries of one `changes` frame. */
  changesPerFrame: 500,
  /** Spaces and cursors named in one frame. */
  spacesPerFrame: 1000,
  /** Segments named in one offer: an entry is some 70 bytes, so a full list is far below `linkFrame`. */
  segmentsPerFrame: 500,
  /** Cursors of one `followSegments` frame: an entry may be some 170 bytes. */
  segmentCursorsPerFrame: 500,
  /** Offers of segments that were not acknowledged by a cursor: who is offered more than it can look through is not flooded. */
  segmentOffers: 8,
  /** Spaces that one end has offered anew on one connection: it asks when its rights changed, and the next connection does as well. */
  segmentReturns: 100,
  /** Segments that one end has asked for and not got, on one link: a reader keeps as many half a segment in memory. */
  segmentsAsked: 16,
  /** Bytes of those together, by the sizes offered: one segment of the greatest size, or many small ones. */
  segmentBytesAsked: 2 * MiB,
  /** Spaces in one `holds` and devices in one `holders` frame: with all documents that each may name still below `linkFrame`. */
  holdersPerFrame: 100,
  /** Devices whose cursors are published for one space; who spoke last stays. A team of 500 with two devices each. */
  holdersPerSpace: 1000,
  /** Documents named as not held by one device; with more its number stays below the ones that are not named. */
  lacksPerHolder: 16,
  /** Connections of peers that are not let in yet, of all addresses: a team that comes out of a meeting, all at once. */
  peersWaiting: 48,
  /** Of one address: two ends dial each other for three purposes at the same moment. */
  peersWaitingPerAddress: 8,
  /** Tries of one address that may fail before it waits, each time longer: wrong versions and old lists of members happen. */
  peerTries: 8,
  /** The longest such wait: who was mended meanwhile is back within a minute. */
  peerBackoff: 60_000,
  /** Wrong tries of one code: of six characters, one in millions of being hit. */
  peerCodeTries: 5,
  /** Bytes from a device that is proved and no member yet: a list of members of 20,000 records, which make it one. */
  peerRecords: 16 * MiB,
  /** One record on its way between peers: RECORD_LIMIT; real ones have under 1,000 bytes. */
  peerRecord: 8 * KiB,
  /** The signed head with them: HEAD_LIMIT. */
  peerWord: 2 * KiB,
  /** Records of one frame: with the longest ones still below `linkFrame`. */
  peerRecordsPerFrame: 30,
  /** Hashes by which a copy says where it is: each twice as far back, so a log of a hundred thousand records has eighteen. */
  peerLocator: 40,
  /** Characters of a whole log on its way, from a relay or from a peer: one of a team's decades has fewer. */
  log: 64 * MiB,
  /** Headers of a request at the door: it has none but those of the upgrade. */
  peerHeaders: 4 * KiB,
  /** No answer about an attachment: longer than the other end lets text go first, and than a piece takes over a bad network. */
  peerBlobAnswer: 15_000,
  /** How long bringing that list in step may take, on a slow line; the proofs have `unauthenticatedTime`. */
  peerAdmission: 30_000,
  /** Connections of peers that were let in: fifty people with a link, and some of them with a file under way. */
  peersOpen: 256,
  /** Of one device: three purposes, and as many that the other end has not noticed to be over. */
  peersPerDevice: 8,
  /** Records of one packet of announcements that are looked at: a computer with a handful of workspaces and interfaces has twenty. */
  announcedRecords: 64,
  /** Announcements of one packet: workspaces of one computer. */
  announcements: 8,
  /** Addresses of one packet: a laptop has four. */
  announcedAddresses: 8,
  /** The body of a request to a relay that carries a log: some 16,000 records; hosts send less. */
  body: 8 * MiB,
  /** The body of one that carries none: a ticket, a joining. */
  smallBody: 32 * KiB,
  /** Records of one request: a workspace that is attached hands over all of them. */
  recordsPerRequest: 20_000,
  /** A whole request, its body with it, and a reader of an attachment that takes nothing: a slow line brings a chunk in that time. Headers have `unauthenticatedTime`. */
  requestTime: 30_000,
  /** Connections at a relay beside its WebSockets: requests, and those whose headers are still on their way. */
  spareConnections: 500,
  /** How long a nonce is good: a slow phone network and a signature fit in. */
  nonce: 60_000,
  /** Nonces that wait at a time, about 1 MB; beyond it the oldest are forgotten and their owners ask again. */
  nonces: 10_000,
  /** Nonces, tickets and farewells of one address. A signature is made or verified for each: an office behind one address, each with a hundred documents open in a stock client. */
  enteringRate: rate(600, 600),
  /** Joinings of one address: a team that is invited in one meeting, two calls each. */
  joiningRate: rate(120, 60),
  /** Attachings of one address: a whole log is evaluated for each. */
  attachingRate: rate(30, 20),
  /** Requests for attachments of one device: a first sync of a thousand pictures, one after the other; then a chunk of the largest each fifteenth of a second. */
  blobRate: rate(2_000, 1_000),
  /** Records that a member adds who is no admin: a meeting's worth of guests, or what somebody did on a long journey. */
  recordRate: rate(300, 5),
  /** Of all of those together, so that a crowd of guests that one member let in is no way around it. */
  recordRateTogether: rate(3_000, 30),
  /** The body of a request to a host on its own computer: a token. */
  hostBody: 4 * KiB,
  /** Headers of one: a browser sends the cookies of all that ever listened on the loopback. */
  hostHeaders: 32 * KiB,
  /** The cookies among them. */
  hostCookies: 16 * KiB,
  /** A whole request to a host: it comes from the same computer. */
  hostRequestTime: 10_000,
  /** Connections at a host: a window holds one a document and one for calls; nobody has a thousand documents open. */
  hostConnections: 1_000,
  /** A call of a window, and what waits for one that does not read: an import of files carries 64 MiB of text, which JSON may write half as long again. */
  call: 96 * MiB,
  /** What the command line takes of a running host in one message: an export of a large workspace. */
  callAnswer: 512 * MiB,
});

export interface Rate {
  /** What may come at once. */
  readonly burst: number;
  /** What a minute gives back. */
  readonly perMinute: number;
}

function rate(burst: number, perMinute: number): Rate {
  return Object.freeze({ burst, perMinute });
}
