// Calls about search: what is found for what was typed, how far the index is, making it anew.
import { z } from 'zod';
import { THREAD_TYPES } from '../../shared/model/thread/facts.ts';

const id = z.string().min(1).max(64);
const inWorkspace = z.object({ workspace: id });

/** Text with the ranges in it that were looked for. */
const excerpt = z.object({ text: z.string().max(4_000), marks: z.array(z.tuple([z.number(), z.number()])) });
export type SearchExcerpt = z.infer<typeof excerpt>;

/** What a window opens: a document, at a card, block, comment or post of it; '' where none is meant. Of a person their own id. */
const target = z.object({
  document: id,
  card: z.string().max(64),
  block: z.string().max(200),
  comment: z.string().max(64),
  post: z.string().max(64),
});
export type SearchTarget = z.infer<typeof target>;

export const FOUND_KINDS = ['page', 'board', 'card', 'thread', 'person', 'file'] as const;
export type FoundKind = (typeof FOUND_KINDS)[number];

export const searchHit = z.object({
  /** Tells it apart from every other. */
  key: z.string(),
  kind: z.enum(FOUND_KINDS),
  thread: z.enum(THREAD_TYPES).optional(),
  title: excerpt,
  /** Of a person `@` and their id. */
  space: z.string().max(65),
  open: target,
  /** Who wrote it, or owns it. */
  by: id.nullable(),
  /** The newest time that stands in it. */
  at: z.number(),
  archived: z.boolean(),
  /** Of a question: whether it is answered; of a card or an idea: whether it is done. */
  settled: z.boolean().nullable(),
  /** Bytes of a file, where they are known. */
  size: z.number().nullable(),
  /** Where in it the words stand, the best first. */
  passages: z.array(
    excerpt.extend({
      kind: z.enum(['text', 'comment', 'post', 'name']),
      open: target,
      by: id.nullable(),
      at: z.number(),
    }),
  ),
});
export type SearchHit = z.infer<typeof searchHit>;

/** `off`: the index stopped and starts again by itself. */
export const searchProgress = z.object({
  state: z.enum(['opening', 'reading', 'ready', 'off']),
  /** Documents, of all workspaces of this computer. */
  read: z.number(),
  total: z.number(),
});
export type SearchProgress = z.infer<typeof searchProgress>;

export const searchResult = z.object({
  hits: z.array(searchHit),
  total: z.number(),
  /** False: there may be fewer. */
  exact: z.boolean(),
  /** How many there are of each kind, whatever `type:` says. */
  kinds: z.partialRecord(z.enum(FOUND_KINDS), z.number()),
  /** Words that were found instead of what was typed. */
  similar: z.array(z.string()),
  /** What of the query was not understood, or leads nowhere, and where it stands. */
  problems: z.array(z.object({ from: z.number(), to: z.number(), message: z.string() })),
  progress: searchProgress,
});
export type SearchResult = z.infer<typeof searchResult>;

export const SEARCH_CALLS = {
  /** Answers from what is read so far. Nothing typed finds nothing. */
  'search.find': {
    params: inWorkspace.extend({
      query: z.string().max(10_000),
      most: z.number().int().min(1).max(50).default(20),
      skip: z.number().int().min(0).max(10_000).default(0),
      /** Answers when everything that is known to have changed is read: for commands. */
      wait: z.boolean().default(false),
    }),
    result: searchResult,
  },
  'search.state': {
    params: inWorkspace,
    result: searchProgress.extend({ bytes: z.number(), words: z.number() }),
  },
  /** Makes the index anew beside the one that answers meanwhile; a job that can be cancelled. */
  'search.rebuild': { params: inWorkspace, result: z.object({ job: id }) },
} as const;
