// Every limit of the wire in one table, each with its reason (DESIGN, section 4). Bytes and milliseconds.

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
  /** One authenticated frame or update: a whole document and its envelope. */
  frame: 32 * MiB + 64 * KiB,
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
  /** Sockets of one device: one a document in a browser, and a link. */
  socketsPerDevice: 200,
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
  /** How long bringing that list in step may take, on a slow line; the proofs have `unauthenticatedTime`. */
  peerAdmission: 30_000,
  /** Connections of peers that were let in: fifty people with a link, and some of them with a file under way. */
  peersOpen: 256,
  /** Of one device: three purposes, and as many that the other end has not noticed to be over. */
  peersPerDevice: 8,
});
