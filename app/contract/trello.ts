// The calls that bring in a board of Trello: what would come of it, who is who, and then the writing as a job.
import { z } from 'zod';

const id = z.string().min(1).max(64);
const text = z.string().max(10_000);

/** The whole file as a window read it, or a file that the host can read. */
export const trelloFile = z.union([
  z.object({ text: z.string().max(64 * 1024 * 1024) }),
  z.object({ path: z.string().min(1).max(10_000) }),
]);

export const trelloCounts = z.object({
  lists: z.number(),
  archivedLists: z.number(),
  cards: z.number(),
  archivedCards: z.number(),
  labels: z.number(),
  fields: z.number(),
  people: z.number(),
  checklists: z.number(),
  items: z.number(),
  descriptions: z.number(),
  comments: z.number(),
  attachments: z.number(),
});
export type TrelloCounts = z.infer<typeof trelloCounts>;

/** Somebody whom the export names. */
const trelloPerson = z.object({
  /** By what the mapping calls them. */
  source: id,
  name: text,
  /** Without the `@`; '' where the export does not say it. */
  username: text,
  cards: z.number(),
  comments: z.number(),
  /** The one member here of that name, or null. */
  suggested: id.nullable(),
});

export const leftBehind = z.object({ count: z.number(), message: text, examples: z.array(text) });

/** What an imported board became. */
export const importedBoard = z.object({ document: id, title: text, counts: trelloCounts, left: z.array(leftBehind) });

/** Who is whom: members here by the export's ids; everybody else is kept by name. */
const members = z.record(id, id).optional();

export const TRELLO_CALLS = {
  'import.trelloPlan': {
    params: z.object({ workspace: id, file: trelloFile }),
    result: z.object({ title: text, counts: trelloCounts, people: z.array(trelloPerson), left: z.array(leftBehind) }),
  },
  'import.trello': {
    params: z.object({
      workspace: id,
      space: id,
      parent: id.nullable(),
      after: id.nullable().optional(),
      file: trelloFile,
      members,
    }),
    result: z.object({ job: id }),
  },
} as const;
