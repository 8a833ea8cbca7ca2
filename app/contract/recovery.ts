// What a host with a damaged store tells its windows: what was found, what is kept, and the ways out; validators and types.
import { z } from 'zod';
import { text, title } from './entities.ts';

/** A snapshot of the store that can be restored. */
export const snapshotEntry = z.object({
  id: z.string().max(100),
  /** ISO 8601. */
  at: z.string().max(40),
  rooms: z.number(),
  changes: z.number(),
  bytes: z.number(),
});
export type SnapshotEntry = z.infer<typeof snapshotEntry>;

export const recoveryState = z.object({
  /** What the opening said. */
  reason: text,
  /** The damaged store's folder. */
  store: text,
  /** What was found, a sentence each; null while it is being looked at. */
  found: z.array(text).nullable(),
  /** Findings beyond those listed. */
  more: z.number(),
  /** What could be read; null where nothing could, or while it is being looked at. */
  readable: z.object({ rooms: z.number(), bytes: z.number(), changes: z.number() }).nullable(),
  /** Newest first. */
  snapshots: z.array(snapshotEntry),
  workspaces: z.array(z.object({ title, relay: z.string().nullable() })),
  /** Whether one of the ways is being gone. */
  working: z.boolean(),
});
export type RecoveryState = z.infer<typeof recoveryState>;

/** What one of the ways did, a sentence each. */
export const recoveryReport = z.object({ report: z.array(text) });

export const backupReport = z.object({
  folder: text,
  rooms: z.number(),
  changes: z.number(),
  files: z.number(),
  bytes: z.number(),
  createdAt: z.string().max(40),
  /** Attachments whose bytes are damaged here: they are not in it. */
  damaged: z.number().optional(),
});
