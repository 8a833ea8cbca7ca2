// Every limit of a bundle in one table, each with its reason (docs/bundles.md, BU9). Bytes, counts and exponents.
import { LIMITS } from '../../../shared/protocol/limits.ts';

const KiB = 1024;
const MiB = 1024 * KiB;

export const BUNDLE_LIMITS = Object.freeze({
  /** Plain bytes of one sealed piece: small enough to be held twice, large enough that its 16 bytes of seal do not count. */
  chunk: 64 * KiB,
  /** The part in front: 4,000 computers that may open it, and room to spare. */
  header: 512 * KiB,
  /** Computers that may open one bundle: a team of 500 with four each. */
  recipients: 2_000,
  /** What the bundle says of itself: names none, so a few hundred bytes. */
  about: 16 * KiB,
  /** Documents: ten times the largest workspace that was planned for. */
  rooms: 200_000,
  /** Bytes of all records together, which are held until the documents come: 100,000 as long as they are written, twice over. */
  records: 128 * MiB,
  /** State vector of a room, as in RoomBytes: half a million sessions. */
  vector: 4 * MiB,
  /** Names of sittings that one room's writer says to have. */
  sittings: 20_000,
  /** Entries of every kind together: whoever writes a hundred million empty ones is stopped after a second. */
  entries: 3_000_000,
  /** Attachments: as many as rooms. */
  blobs: 200_000,
  /** Spaces that one attachment belongs to. */
  spaces: 1_000,
  /** One entry: a document with its vector and the names of its sittings. Nothing is packed, so what a file says is never more than it has. */
  entry: LIMITS.frame + 4 * MiB + 256 * KiB,
  /** scrypt: 16 MiB at least and 256 MiB at most of memory (`r` is 8), half a second of a laptop. */
  leastCost: 14,
  mostCost: 18,
  /** scrypt's `p`: times the same. */
  mostParallel: 2,
  /** What a window may hand over: it goes through a folder of the data folder; a larger one is read by its path. */
  upload: 4 * 1024 * MiB,
  /** Bytes of one call between a window and the host. */
  call: 1 * MiB,
  /** Documents that a preview names; the others are counted. */
  named: 2_000,
  /** Characters of a passphrase: less is guessed. */
  leastPassphrase: 10,
  mostPassphrase: 1_000,
});
