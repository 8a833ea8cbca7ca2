// The calls about people: who is here, what they say of themselves, who knows about something and why, questions for me, teams, whom I follow.
import { z } from 'zod';
import { blobName } from './attachments.ts';

const id = z.string().min(1).max(64);
const inWorkspace = z.object({ workspace: id });
const none = z.object({});
const topic = z.string().min(1).max(200);
const words = z.string().max(500);
const items = z.array(z.string().max(200)).max(50);
const count = z.number().int().min(0);

export const following = z.object({ members: z.array(id), topics: z.array(z.string()) });
export type Following = z.infer<typeof following>;

const status = z.object({ text: words, until: z.number().nullable() });
const picture = z.object({ blob: blobName, size: count });

/** A member whom I share a space with, as their profile has it; what is not said is '' or empty. */
export const personEntry = z.object({
  id,
  name: z.string(),
  me: z.boolean(),
  role: words,
  place: words,
  /** IANA; it may be one that this computer does not know. */
  zone: z.string(),
  /** Also one that is over since it was asked for: whoever shows it looks at the end. */
  status: status.nullable(),
  picture: picture.nullable(),
  skills: z.array(z.string()),
  interests: z.array(z.string()),
  projects: z.array(z.string()),
  /** Those that I am in as well. */
  spaces: z.array(id),
  teams: z.array(z.object({ team: id, leads: z.boolean() })),
  /** When one of their computers last told the relay what it holds, by the relay's clock; null: never, or not known here. */
  lastSeen: z.number().nullable(),
  /** I follow them. */
  followed: z.boolean(),
});
export type PersonEntry = z.infer<typeof personEntry>;

/** Why somebody is thought to know about something. */
export const reason = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(['skill', 'project', 'interest', 'role']), words: z.string() }),
  z.object({
    /** An accepted answer, another answer in a question, a page, a post in another thread, a comment on a page. */
    kind: z.enum(['accepted', 'answer', 'page', 'post', 'comment']),
    document: id,
    space: id,
    title: z.string(),
    post: id.nullable(),
  }),
]);
export type Reason = z.infer<typeof reason>;

export const knowing = z.object({ member: id, reasons: z.array(reason), more: count });
export type Knowing = z.infer<typeof knowing>;

/** Why a question may be one for me. */
export const queueReason = z.object({ kind: z.enum(['skill', 'topic', 'project']), words: z.string() });
export const queuedQuestion = z.object({
  document: id,
  space: id,
  title: z.string(),
  starter: id.nullable(),
  startedAt: z.number(),
  posts: count,
  topics: z.array(z.string()),
  reasons: z.array(queueReason),
});
export type QueuedQuestion = z.infer<typeof queuedQuestion>;

export const teamEntry = z.object({
  id,
  name: z.string(),
  title: z.string(),
  /** How deep below the top; teams stand in the order of the tree. */
  depth: count,
  /** `member` is null for who is not here yet. */
  people: z.array(z.object({ name: z.string(), member: id.nullable(), leads: z.boolean() })),
});
export type TeamEntry = z.infer<typeof teamEntry>;

/** What an import would do; nothing is written for it. */
export const teamPlan = z.object({
  added: z.array(z.string()),
  changed: z.array(z.string()),
  /** Imported before, and not in this file. */
  removed: z.array(z.string()),
  unchanged: count,
  /** Archived in the file: not imported; what stands below them stands below the next team above. */
  archived: count,
  people: z.array(z.object({ name: z.string(), member: id.nullable() })),
});
export type TeamPlan = z.infer<typeof teamPlan>;

const LONGEST_FILE = 8 * 1024 * 1024;
/** Its text, or where the host finds it. */
const teamFile = z.union([
  z.object({ text: z.string().max(LONGEST_FILE) }),
  z.object({ path: z.string().min(1).max(4_096) }),
]);
const change = z.object({ skills: items, interests: items, projects: items }).partial();

export const PEOPLE_CALLS = {
  /** Everybody whom I share a space with, by name. `people` is announced when one of them becomes different. */
  'people.list': { params: inWorkspace, result: z.object({ people: z.array(personEntry) }) },
  /** One of them, with where they answered, wrote and commented, the newest first. */
  'people.profile': {
    params: inWorkspace.extend({ member: id }),
    result: z.object({ person: personEntry, works: z.array(reason) }),
  },
  /** Says something of myself; what is left out stays. */
  'people.describe': {
    params: inWorkspace.extend({
      name: z.string().trim().min(1).max(200).optional(),
      role: words.optional(),
      place: words.optional(),
      zone: z.string().max(100).optional(),
      status: status.nullable().optional(),
      picture: picture.nullable().optional(),
      add: change.optional(),
      remove: change.optional(),
    }),
    result: none,
  },
  /** Who knows about something, from what is on this computer: the closest first, never who wrote most. */
  'people.knows': {
    params: inWorkspace.extend({ words: z.string().min(1).max(500) }),
    result: z.object({
      /** The words as they are looked for. */
      asked: z.array(z.string()),
      people: z.array(knowing),
      /** False: more documents may hold the words than were looked into. */
      complete: z.boolean(),
      /** Documents that this computer has not read since they changed. */
      waiting: count,
    }),
  },
  /** Questions without an accepted answer that others asked, in all my spaces: those for me first, each with why; then the oldest. */
  'people.queue': {
    params: inWorkspace.extend({ most: z.number().int().min(1).max(200).optional() }),
    result: z.object({ questions: z.array(queuedQuestion), total: count, forMe: count }),
  },
  /** Whom and what I follow, in every space; `people` is announced when it becomes different. */
  'people.following': { params: inWorkspace, result: following },
  /** A person or a topic, one of the two. */
  'people.follow': {
    params: inWorkspace.extend({ member: id.optional(), topic: topic.optional(), follow: z.boolean() }),
    result: none,
  },
  'people.teams': { params: inWorkspace, result: z.object({ teams: z.array(teamEntry), mayImport: z.boolean() }) },
  'people.planTeams': { params: inWorkspace.extend({ file: teamFile }), result: teamPlan },
  /** Makes the teams those of the file. */
  'people.importTeams': { params: inWorkspace.extend({ file: teamFile }), result: teamPlan },
} as const;
