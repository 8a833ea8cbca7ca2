// What windows and hosts tell each other about being ready for travel, and the call that keeps all links off to try it out.
import { z } from 'zod';
import { blobHolders, blobName } from './attachments.ts';
import { documentKind } from './entities.ts';

const id = z.string().min(1).max(64);
/** A space as it stands in a room's name. */
const space = z.string().min(1).max(65);
const count = z.number().int().min(0);
const words = z.string().max(10_000);

/** More that are missing are counted and not listed. */
export const MOST_LISTED = 200;
/** Of how many it is looked up who has them; a window asks for the others as they are shown (`blob.holders`). */
export const MOST_HOLDERS = 50;
const MOST_CHOSEN = 5_000;

/** What is taken along: what I follow, every space of mine, or what I name. */
export const travelChoice = z.discriminatedUnion('what', [
  z.object({ what: z.literal('followed') }),
  z.object({ what: z.literal('all') }),
  z.object({
    what: z.literal('chosen'),
    spaces: z.array(id).max(MOST_CHOSEN),
    documents: z.array(id).max(MOST_CHOSEN),
  }),
]);
export type TravelChoice = z.infer<typeof travelChoice>;

/** Where a thing is used, or what it is. `board`: of a card's own document. */
export const travelUse = z.object({
  document: id,
  space,
  kind: documentKind,
  title: z.string(),
  board: id.optional(),
});
export type TravelUse = z.infer<typeof travelUse>;

/** A file that a document taken along refers to, and that is not here. */
export const missingFile = z.object({
  what: z.literal('file'),
  space,
  blob: blobName,
  name: z.string(),
  /** As documents say it; 0 where none does. */
  size: count,
  state: z.enum(['absent', 'coming', 'paused']),
  /** Somebody asked for it: it comes as soon as it can be had. */
  wanted: z.boolean(),
  /** Bytes that are here. */
  received: count,
  trouble: words.nullable(),
  /** The first document that uses it, and how many more do. */
  used: travelUse,
  more: count,
  /** Null: not looked up (beyond MOST_HOLDERS). */
  holders: blobHolders.nullable(),
});
export type MissingFile = z.infer<typeof missingFile>;

/**
 * A document that is not here as others have it: `coming`: nothing of it is here; `behind`: an older one is; `refused`: who has it does not give it, or it is
 * not taken; `damaged`: its bytes on this disk do not hold; `unsafe`: kept, and not opened.
 */
export const missingDocument = z.object({
  what: z.literal('document'),
  state: z.enum(['coming', 'behind', 'refused', 'damaged', 'unsafe']),
  document: travelUse,
});
export type MissingDocument = z.infer<typeof missingDocument>;

export const missing = z.discriminatedUnion('what', [missingFile, missingDocument]);
export type Missing = z.infer<typeof missing>;

const held = z.object({ files: count, fileBytes: count, documentBytes: count });

export const travelSpace = held.extend({
  space,
  pages: count,
  boards: count,
  threads: count,
  /** Of things of it that are not here. */
  missing: count,
  missingBytes: count,
});
export type TravelSpace = z.infer<typeof travelSpace>;

export const travelReport = z.object({
  checkedAt: z.number(),
  choice: travelChoice,
  /** It is everything, since nothing is followed. */
  nothingFollowed: z.boolean(),
  /**
   * How new the knowledge is of what exists elsewhere. `now`: the relay is there and has told everything; `asking`: it is there and has not yet; `since`: nothing is
   * heard since `at` (null: it is not known when); `alone`: there is nobody else to hear of anything from.
   */
  known: z.object({ how: z.enum(['now', 'asking', 'since', 'alone']), at: z.number().nullable() }),
  /** Whether anybody can be asked for what is missing: the relay, or a computer nearby. */
  reachable: z.boolean(),
  /** Documents here are still being read for what they use: more may come to light. */
  reading: z.boolean(),
  /** Nothing is known to be missing, and nothing is being looked for. */
  ready: z.boolean(),
  /** Documents and files, with what is missing among them. */
  things: count,
  /** Bytes on this disk, each file once. */
  hereBytes: count,
  missing: z.array(missing),
  missingCount: count,
  missingBytes: count,
  /** In the order of `space.list`. */
  spaces: z.array(travelSpace),
  /** Profiles of people with whom I share a space, with their pictures, and what is mine alone. */
  people: held.extend({ profiles: count }),
  /** Bytes free on the disk; null where that cannot be asked. */
  free: z.number().nullable(),
});
export type TravelReport = z.infer<typeof travelReport>;

const inWorkspace = z.object({ workspace: id });
const files = z.array(z.object({ space, blob: blobName })).max(10_000);

export const TRAVEL_CALLS = {
  /** What is taken along, and what of it is not here; of one space alone where it is named. */
  'travel.check': { params: inWorkspace.extend({ space: id.optional() }), result: travelReport },
  /** Kept for this computer. */
  'travel.choose': { params: inWorkspace.extend({ choice: travelChoice }), result: z.object({}) },
  /**
   * Files that are missing come first from now on, also those that were paused; left out: all of them. `no-room`: nothing was begun, for the disk has not
   * enough room for these bytes.
   */
  'travel.fetch': {
    params: inWorkspace.extend({ space: id.optional(), files: files.optional() }),
    result: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('begun'), files: count, bytes: count }),
      z.object({ kind: z.literal('no-room'), bytes: count, free: count }),
    ]),
  },
  /** These are not fetched until they are asked for again (`travel.fetch`), or this host starts anew; left out: all that are missing. What is here of them stays. */
  'travel.pause': { params: inWorkspace.extend({ files: files.optional() }), result: z.object({}) },
  /** Keeps all links of this computer off, or lets them be opened again; without `on` it only tells. `truths` are announced. */
  'links.rehearse': {
    params: z.object({ on: z.boolean().optional() }),
    result: z.object({ since: z.number().nullable() }),
  },
} as const;
