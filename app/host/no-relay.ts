// The words for a workspace that has no relay and is asked for something that needs one.
import { AppError } from '../../shared/base/app-error.ts';

export function noRelay(title: string): AppError {
  return new AppError(
    'not-found',
    `The workspace "${title}" has no relay: it lives on this computer alone, and everything is kept here. Attach one with "caravan relay attach URL".`,
  );
}
