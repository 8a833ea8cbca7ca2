// What windows and hosts tell each other about the past of a page: sessions, versions, what changed. Validators, types and calls.
import { z } from 'zod';

const none = z.object({});
const ofPage = z.object({ workspace: z.string().min(1).max(64), document: z.string().min(1).max(64) });
const time = z.number();

/** The past is still being put together: how many changes were read, of how many. The same call again asks how it stands. */
const building = z.object({ state: z.literal('building'), done: z.number(), total: z.number() });

export const pageSession = z.object({
  /** Names it in the other calls. */
  id: z.string().max(500),
  from: time,
  to: time,
  /** Empty where nobody proved who they are. */
  member: z.string(),
  device: z.string(),
  /** `command`: written by this program for somebody (an import, a move), not typed. */
  by: z.enum(['typing', 'command', 'unsigned']),
  /** Somebody may still be at it. */
  open: z.boolean(),
  /** Words that it brought and did not take away itself; and words of others, or of earlier, that it took away. */
  added: z.number(),
  removed: z.number(),
});
export type PageSession = z.infer<typeof pageSession>;

const marks = z.object({
  bold: z.literal(true).optional(),
  italic: z.literal(true).optional(),
  code: z.literal(true).optional(),
  strike: z.literal(true).optional(),
  highlight: z.literal(true).optional(),
  link: z.string().optional(),
});

const thing = z.union([
  z.object({ type: z.literal('mention'), member: z.string() }),
  z.object({ type: z.literal('page'), page: z.string(), block: z.string().optional() }),
  z.object({ type: z.literal('date'), date: z.string() }),
  z.object({ type: z.literal('check'), checked: z.boolean() }),
  z.object({ type: z.literal('unknown') }),
]);

export const versionPiece = z.object({
  text: z.string(),
  thing: thing.nullable(),
  marks,
  change: z.enum(['same', 'in', 'out', 'marks']),
  /** Place in the version's authors; -1: not known. */
  by: z.int(),
});
export type VersionPieceEntry = z.infer<typeof versionPiece>;

export const versionBlock = z.object({
  id: z.string(),
  type: z.enum(['text', 'atom', 'unknown']),
  kind: z.string(),
  indent: z.number(),
  level: z.number(),
  checked: z.boolean(),
  change: z.enum(['same', 'in', 'out', 'changed', 'moved']),
  by: z.int(),
  wasKind: z.string().nullable(),
  pieces: z.array(versionPiece),
});
export type VersionBlockEntry = z.infer<typeof versionBlock>;

export const pageVersion = z.object({
  state: z.literal('ready'),
  /** The moment that is shown. */
  at: time,
  title: z.object({ before: z.string(), after: z.string() }),
  authors: z.array(z.object({ member: z.string(), device: z.string() })),
  blocks: z.array(versionBlock),
  /** Everything of it, and when it came, is known here. */
  complete: z.boolean(),
});
export type PageVersion = z.infer<typeof pageVersion>;

export const HISTORY_CALLS = {
  /** Newest first. `since`: from then on the states of the page are known; null where nothing was recorded. */
  'page.sessions': {
    params: ofPage,
    result: z.discriminatedUnion('state', [
      building,
      z.object({
        state: z.literal('ready'),
        sessions: z.array(pageSession),
        complete: z.boolean(),
        since: time.nullable(),
      }),
    ]),
  },
  /** The page as it was after a session, against what it was before it, or against what it is now. */
  'page.version': {
    params: ofPage.extend({ session: z.string().max(500), against: z.enum(['before', 'now']) }),
    result: z.discriminatedUnion('state', [building, pageVersion]),
  },
  /** The page as it was after a session, or before it, as one Yjs update, base64url: for a command that restores it. */
  'page.past': {
    params: ofPage.extend({ session: z.string().max(500), side: z.enum(['after', 'before']) }),
    result: z.object({ update: z.string(), complete: z.boolean() }),
  },
  /** Nobody waits for it any more. */
  'page.stopHistory': { params: ofPage, result: none },
} as const;
