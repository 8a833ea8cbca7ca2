// What a host keeps beside a workspace's log, in `order.json`: how much of it is in order, by whose word, and records of others that are not yet.
import path from 'node:path';
import { z } from 'zod';
import { PENDING_LIMITS, type Pending } from '../../shared/access/pending-records.ts';
import { RECORD_LIMIT } from '../../shared/access/record-codec.ts';
import { parseJson, readText, writeText, type DataFolder } from './data-folder.ts';

/** A signed head, with what it says. */
export interface Word {
  readonly length: number;
  readonly head: string;
  readonly text: string;
}

export interface KeptOrder {
  /** How many leading records are in order. */
  readonly ordered: number;
  /** The word for them, or for fewer; null where nobody gave one. */
  readonly word: Word | null;
  /** Records of others that are carried until they are in order. */
  readonly pending: readonly Pending[];
}

const kept = z.object({
  ordered: z.int().positive(),
  word: z.object({ length: z.int().positive(), head: z.string().max(64), text: z.string().max(2_048) }).nullable(),
  pending: z
    .array(z.object({ text: z.string().max(RECORD_LIMIT), heard: z.int().nonnegative() }))
    .max(PENDING_LIMITS.records),
});

function orderFile(folder: DataFolder, workspace: string): string {
  return path.join(folder.workspaces, workspace, 'order.json');
}

/** Null where nothing was kept, or it cannot be read: what is in order is learnt again from whoever orders. */
export async function readOrder(folder: DataFolder, workspace: string): Promise<KeptOrder | null> {
  const read = kept.safeParse(parseJson((await readText(orderFile(folder, workspace))) ?? ''));
  return read.success ? read.data : null;
}

export async function writeOrder(folder: DataFolder, workspace: string, order: KeptOrder): Promise<void> {
  await writeText(orderFile(folder, workspace), `${JSON.stringify(order)}\n`);
}
