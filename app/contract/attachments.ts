// What windows and hosts tell each other about attachments: how each one is, and the calls that add them.
import { z } from 'zod';
import { isBlobName } from '../../shared/base/blob-name.ts';

const id = z.string().min(1).max(64);
/** A space as it stands in a room's name. */
const space = z.string().min(1).max(65);
const text = z.string().max(10_000);
export const blobName = z.string().refine(isBlobName, 'no name of an attachment');

const here = z.object({
  space,
  blob: blobName,
  state: z.literal('here'),
  size: z.number(),
  /** What the bytes are, whatever a document says. */
  type: z.string().max(100),
  /** `other`: shown as a card with a name, never in its place. */
  kind: z.enum(['image', 'video', 'audio', 'other']),
  width: z.number().nullable(),
  height: z.number().nullable(),
  onRelay: z.boolean(),
  /** Why it is not on the relay, as people can read it. */
  trouble: text.nullable(),
});
const away = z.object({
  space,
  blob: blobName,
  /** `coming`: some of its bytes are here. */
  state: z.enum(['coming', 'absent']),
  received: z.number(),
  trouble: text.nullable(),
});
export const blobState = z.union([here, away]);
export type BlobState = z.infer<typeof blobState>;

const holder = z.object({
  device: id,
  deviceName: z.string().max(2_000),
  member: id,
  name: z.string().max(2_000),
});

/** Who has an attachment that is not here, as far as this computer was told. Nothing is claimed that was not. */
export const blobHolders = z.object({
  /** `none`: the workspace has no relay; `unknown`: it has not been asked since this program began, or cannot say now. */
  relay: z.enum(['none', 'held', 'absent', 'unknown']),
  /** The computer on which it was put into a document, with when it last said something to the relay, by the relay's clock; null: nobody said which. */
  added: holder.extend({ seen: z.number().nullable() }).nullable(),
  /** Computers that said over a link without a relay that they have it: `met` null: here on this network now, and they come first; else when they said so last. */
  peers: z.array(holder.extend({ met: z.number().nullable() })).max(20),
});
export type BlobHolders = z.infer<typeof blobHolders>;

/** Of a whole workspace: what is here, what of it is only here, and what documents refer to and is not here. */
export const attachmentTruth = z.object({
  here: z.number(),
  hereBytes: z.number(),
  waiting: z.number(),
  waitingBytes: z.number(),
  missing: z.number(),
  missingBytes: z.number(),
  trouble: text.nullable(),
  /** Bytes that one may have. */
  largest: z.number(),
});
export type AttachmentTruth = z.infer<typeof attachmentTruth>;

/** A small copy of a large picture: a page's measure on a sharp screen, and enough for paper. */
export const SMALL_WIDTH = 1440;
export const SMALL_HEIGHT = 4096;
/** Bytes of one. */
export const LARGEST_SMALL = 1024 * 1024;

const inSpace = z.object({ workspace: id, space });
const begun = z.object({ upload: id });

export const ATTACHMENT_CALLS = {
  /** Begins to add a file of so many bytes to a space. */
  'blob.begin': { params: inSpace.extend({ size: z.number().int().min(0) }), result: begun },
  /** The next bytes, base64. */
  'blob.append': {
    params: begun.extend({ base64: z.string().max(2 * 1024 * 1024) }),
    result: z.object({ size: z.number() }),
  },
  /** It is durable, under the name that the answer gives. */
  'blob.finish': { params: begun, result: z.object({ blob: blobName, size: z.number() }) },
  'blob.cancel': { params: begun, result: z.object({}) },
  /** Something that shows these was put into a document of this space: what is here of them belongs to it as well. */
  'blob.adopt': {
    params: inSpace.extend({ blobs: z.array(blobName).max(500) }),
    result: z.object({}),
  },
  'blob.state': {
    params: inSpace.extend({ blobs: z.array(blobName).max(500) }),
    result: z.array(blobState),
  },
  /** Who has one that is not here. */
  'blob.holders': { params: inSpace.extend({ blob: blobName }), result: blobHolders },
  /** A piece of one that is here, base64; for windows that reach no address of the host (Electron). */
  'blob.read': {
    params: inSpace.extend({ blob: blobName, start: z.number().int().min(0), end: z.number().int().min(0) }),
    result: z.object({ base64: z.string() }),
  },
  /** The small copy of a picture, WebP in base64; null where none is kept. */
  'blob.small': { params: inSpace.extend({ blob: blobName }), result: z.object({ base64: z.string().nullable() }) },
  /** A window made one. False: it was not kept, which costs nothing but the work. */
  'blob.keepSmall': {
    params: inSpace.extend({ blob: blobName, base64: z.string().max(2 * 1024 * 1024) }),
    result: z.object({ kept: z.boolean() }),
  },
} as const;
