// The call behind the insights: figures by weeks of UTC, from the times that stand in documents. The same documents give the same answer, whatever the clock of a computer says.
import { z } from 'zod';

const id = z.string().min(1).max(64);
const count = z.number().int().min(0);
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);

/** Weeks that one answer covers. */
export const INSIGHT_WEEKS = 12;

export const insightFigures = z.object({
  /** Members who wrote, commented, voted, made or finished something. */
  active: count,
  /** Questions that were asked then, and how many of them have an accepted answer by now. */
  asked: count,
  answered: count,
  /** Milliseconds from those questions to their accepted answers: half took so long or less; null where none has one. */
  median: count.nullable(),
  /** Posts and comments on what somebody else began. */
  replies: count,
  /** Those of them whose authors are at home in another space: they did more there in these weeks. */
  across: count,
});
export type InsightFigures = z.infer<typeof insightFigures>;

export const insights = z.object({
  /** Of all weeks together, from its first day to before the last. */
  from: day,
  to: day,
  /** Spaces that are counted. */
  spaces: z.array(id),
  weeks: z.array(insightFigures.extend({ from: day })),
  total: insightFigures,
  /** Documents that this computer has not read since they changed. */
  waiting: count,
});
export type Insights = z.infer<typeof insights>;

export const INSIGHT_CALLS = {
  /** `space` null: all that I can read. `week`: any day of the last week that counts. */
  'insights.read': { params: z.object({ workspace: id, space: id.nullable(), week: day }), result: insights },
} as const;
