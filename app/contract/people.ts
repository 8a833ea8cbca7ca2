// The calls about people: whom and what I follow, who is here, what they say of themselves, who knows about something.
import { z } from 'zod';

const id = z.string().min(1).max(64);
const inWorkspace = z.object({ workspace: id });
const none = z.object({});
const topic = z.string().min(1).max(200);

export const following = z.object({ members: z.array(id), topics: z.array(z.string()) });
export type Following = z.infer<typeof following>;

export const PEOPLE_CALLS = {
  /** Whom and what I follow, in every space; `people` is announced when it becomes different. */
  'people.following': { params: inWorkspace, result: following },
  /** A person or a topic, one of the two. */
  'people.follow': {
    params: inWorkspace.extend({ member: id.optional(), topic: topic.optional(), follow: z.boolean() }),
    result: none,
  },
} as const;
