// What windows and hosts tell each other about being ready for travel, and the call that keeps all links off to try it out.
import { z } from 'zod';
export const TRAVEL_CALLS = {
  /** Keeps all links of this computer off, or lets them be opened again; without `on` it only tells. `truths` are announced. */
  'links.rehearse': {
    params: z.object({ on: z.boolean().optional() }),
    result: z.object({ since: z.number().nullable() }),
  },
} as const;
