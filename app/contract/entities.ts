// What windows and hosts tell each other about workspaces, spaces and documents; validators and their types.
import { z } from 'zod';
import { THREAD_TYPES } from '../../shared/model/thread/facts.ts';
import { attachmentTruth } from './attachments.ts';
import { importedBoard } from './trello.ts';
import { personRole, spaceRole, visibility } from './roles.ts';

const id = z.string().min(1).max(64);
export const text = z.string().max(10_000);
export const title = z.string().max(2_000);

export const documentKind = z.enum(['page', 'board', 'card', 'thread', 'space', 'profile', 'personal', 'workspace']);

export const workspaceEntry = z.object({
  id,
  title,
  /** My member id here. */
  member: id,
  /** The relay's URL, or null for a workspace that lives on this computer alone. */
  relay: z.string().nullable(),
  /** What I am there, or was last. */
  role: personRole,
  /** Without a part in it any more, or without a key, what is here stays here and can be read. */
  mine: z.enum(['member', 'removed', 'left', 'keyless']),
  removedAt: z.number().nullable(),
});
export type WorkspaceEntry = z.infer<typeof workspaceEntry>;

export const spaceEntry = z.object({
  id,
  room: z.string(),
  name: title,
  purpose: text,
  /** Open: members enter by themselves; invited: a manager lets them in. */
  visibility,
  archived: z.boolean(),
  /** My part in it; null for an open space that I could enter. */
  part: spaceRole.nullable(),
  mayWrite: z.boolean(),
  /** Whether I decide who may enter. */
  manages: z.boolean(),
  /** When my part ends, or null. */
  until: z.number().nullable(),
  /** How many guests can read it. */
  outsiders: z.number(),
  /** Whether I was in it and cannot enter it again by myself: what had arrived stays here, and is not shown. */
  lost: z.boolean().default(false),
});
export type SpaceEntry = z.infer<typeof spaceEntry>;

export const deviceEntry = z.object({
  id,
  /** From the member's profile; empty where none was given. */
  name: title,
  /** This computer. */
  me: z.boolean(),
  addedAt: z.number(),
  /** When it last told the relay what it holds, by the relay's clock; null: never, or not known here. */
  lastSeen: z.number().nullable(),
});
export type DeviceEntry = z.infer<typeof deviceEntry>;

export const memberEntry = z.object({
  id,
  /** From the profile; empty until it has arrived. */
  name: title,
  role: personRole,
  me: z.boolean(),
  joinedAt: z.number(),
  /** Not a member any more; the name stays beside what they wrote. */
  removed: z.boolean(),
  devices: z.array(deviceEntry),
  spaces: z.array(z.object({ space: id, role: spaceRole, until: z.number().nullable() })),
});
export type MemberEntry = z.infer<typeof memberEntry>;

/** What people say of a page beside its text; what is not said is left out. */
export const pageProperties = z.object({
  /** Member id. */
  owner: id.optional(),
  tags: z.array(z.string().max(64)).max(50).optional(),
  status: z.string().max(64).optional(),
  /** A day, `YYYY-MM-DD`. */
  reviewBy: z.string().max(10).optional(),
  template: z.literal(true).optional(),
  locked: z.object({ by: id, at: z.number() }).optional(),
});
export type PageProperties = z.infer<typeof pageProperties>;

export const docEntry = z.object({
  id,
  room: z.string(),
  kind: documentKind,
  title,
  space: id,
  /** The page above it, or null at the top (also when the parent is unknown here). */
  parent: id.nullable(),
  /** Fractional key among its siblings; ties are broken by id. */
  order: z.string().max(1_000),
  /** Put away: in the archive, or in the trash. */
  archived: z.boolean(),
  /** When it was put away; left out where it is not. */
  archivedAt: z.number().optional(),
  /** Of what is archived: it is in the trash. */
  trashed: z.object({ at: z.number(), by: id.nullable() }).optional(),
  properties: pageProperties.optional(),
  /** Other names that it is looked up by. */
  aliases: z.array(title).max(50).optional(),
  /** Of a thread: what it is. */
  thread: z.enum(THREAD_TYPES).optional(),
  createdBy: z.string().nullable(),
  /** Milliseconds since the epoch, by the creator's clock. */
  createdAt: z.number(),
  /** When this computer last saw it change. */
  changedAt: z.number(),
});
export type DocEntry = z.infer<typeof docEntry>;

/** What a card's face shows of the document that is its own. */
export const cardFacts = z.object({ comments: z.number(), attachments: z.number(), described: z.boolean() });
export type CardFacts = z.infer<typeof cardFacts>;

/** The state of the link to the relay. */
export const linkStatus = z.discriminatedUnion('state', [
  z.object({ state: z.literal('none') }),
  z.object({ state: z.literal('connecting'), since: z.number() }),
  z.object({ state: z.literal('online'), since: z.number(), url: z.string() }),
  z.object({ state: z.literal('offline'), since: z.number(), reason: z.string(), retryAt: z.number().nullable() }),
  z.object({ state: z.literal('refused'), since: z.number(), code: z.number(), reason: z.string() }),
]);
export type LinkStatus = z.infer<typeof linkStatus>;

/** Whether this computer can write. */
export const storageStatus = z.discriminatedUnion('state', [
  z.object({ state: z.literal('ok') }),
  z.object({ state: z.literal('failing'), code: z.string(), message: z.string(), since: z.number() }),
]);
export type StorageStatus = z.infer<typeof storageStatus>;

/** A document whose newest changes no relay has acknowledged yet, or of which attachments (`files` of them) are only here. */
export const outboxEntry = z.object({
  room: z.string(),
  id,
  title,
  kind: documentKind,
  since: z.number(),
  files: z.number().optional(),
  /** Of a card's own document: the board that it stands on. */
  board: id.optional(),
});
export type OutboxEntry = z.infer<typeof outboxEntry>;

const NO_ATTACHMENTS = {
  here: 0,
  hereBytes: 0,
  waiting: 0,
  waitingBytes: 0,
  missing: 0,
  missingBytes: 0,
  trouble: null,
  largest: 0,
};

/** The truths about a workspace as the host knows them; a window adds what it has itself not yet handed over. */
export const truths = z.object({
  storage: storageStatus,
  link: linkStatus,
  /** What leaves by itself, as soon as the relay takes it. */
  outbox: z.array(outboxEntry),
  /** The same in spaces that one lost: it waits until one is let in again, and nobody takes it meanwhile (AH12). */
  lost: z.array(outboxEntry).default([]),
  /** False while the host does not know yet what else waits: then nothing may be said to be on the relay. */
  outboxIsComplete: z.boolean(),
  /** Rooms known to differ from the relay that are still being fetched. */
  fetching: z.number(),
  /** Of the same fetching, rooms that are here: `fetched` of `fetched + fetching`. */
  fetched: z.number().default(0),
  /** Documents that are more than half as large as any may be. */
  large: z.array(z.object({ room: z.string(), id, title, bytes: z.number(), limit: z.number() })).default([]),
  attachments: attachmentTruth.default(NO_ATTACHMENTS),
  /** What was decided on this computer about members and spaces and is not possible any more (verbs of the log): it was let go. */
  dropped: z.array(z.string().max(40)).optional(),
  /** Since when all links of this computer are off, to try out how it is to be offline; left out: they are not (`links.rehearse`). */
  rehearsing: z.number().optional(),
});
export type Truths = z.infer<typeof truths>;

/** Who holds the newest change of a document, as far as this computer was told. Nothing is claimed that was not. */
export const documentHolders = z.object({
  /** `none`: the workspace has no relay; `unknown`: this host is not linked, or the relay's state is not known yet. */
  relay: z.enum(['none', 'held', 'waiting', 'unknown']),
  /** When the relay last told of others, by this computer's clock; null: never. */
  learnedAt: z.number().nullable(),
  /** This computer's own member counts as one that holds it. */
  members: z.object({ held: z.number(), of: z.number() }),
  /** Other devices. `at`: when one last said what it holds, by the relay's clock. An unknown device has no member. */
  devices: z.array(z.object({ device: id, member: id.nullable(), name: title, held: z.boolean(), at: z.number() })),
});
export type DocumentHolders = z.infer<typeof documentHolders>;
/** Words typed on this computer that could not stay in a document: kept until they are put back or let go. */
export const asideEntry = z.object({
  id,
  /** The document that they belong to. */
  document: z.string().max(200),
  /** When they were set aside. */
  at: z.number(),
  /** What people would read; all of it is kept, also where this is cut. */
  text,
});
export type AsideEntry = z.infer<typeof asideEntry>;

/** Long work that can be watched and cancelled. */
export const jobStatus = z.object({
  id,
  kind: z.enum(['import', 'export', 'first-sync', 'index', 'bundle']),
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  done: z.number(),
  total: z.number().nullable(),
  message: z.string(),
});
export type JobStatus = z.infer<typeof jobStatus>;

export const importReport = z.object({
  created: z.number(),
  updated: z.number(),
  unchanged: z.number(),
  /** Pages that were edited here since the last import and were therefore left alone. */
  left: z.array(z.object({ path: z.string(), id, title })),
  links: z.object({ resolved: z.number(), unresolved: z.array(z.object({ path: z.string(), target: z.string() })) }),
  /** What could not be taken, and why; the rest went on. */
  problems: z.array(z.object({ path: z.string(), reason: z.string() })),
  /** What is kept as raw blocks, counted by kind. */
  kept: z.record(z.string(), z.number()),
  /** Boards that came from elsewhere, with what had no place here. */
  boards: z.array(importedBoard).optional(),
});
export type ImportReport = z.infer<typeof importReport>;

/** One editing session of a document. */
export const historyEntry = z.object({
  segment: z.string(),
  /** Milliseconds since the epoch, by the clock of the computer that recorded it. */
  from: z.number(),
  to: z.number(),
  /** Empty where nobody proved who they are. */
  device: z.string(),
  member: z.string(),
  updates: z.number(),
  bytes: z.number(),
  /** Typed in it, also what was deleted since. */
  words: z.number(),
});
export type HistoryEntry = z.infer<typeof historyEntry>;

export const historyTotals = z.object({
  segments: z.number(),
  bytes: z.number(),
  /** When the oldest one ended; null where there is none. */
  oldest: z.number().nullable(),
  days: z.number(),
  maxBytes: z.number(),
});
export type HistoryTotals = z.infer<typeof historyTotals>;
