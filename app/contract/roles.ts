// The roles as windows and hosts name them to each other; what they allow is the host's to say.
import { z } from 'zod';

export const personRole = z.enum(['owner', 'admin', 'member', 'viewer', 'guest']);
export type PersonRole = z.infer<typeof personRole>;

/** A part in one space. A guest of the workspace has `guest` (reads and writes) or `viewer` (reads). */
export const spaceRole = z.enum(['manager', 'member', 'viewer', 'guest']);
export type SpacePart = z.infer<typeof spaceRole>;

export const visibility = z.enum(['open', 'invited']);
