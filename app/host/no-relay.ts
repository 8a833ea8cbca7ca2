// The words for a workspace that has no relay and is asked for something that needs one, or somebody who comes to this computer.
import { AppError } from '../../shared/base/app-error.ts';

export function noRelay(title: string): AppError {
  return new AppError(
    'not-found',
    `The workspace "${title}" has no relay: it lives on this computer alone, and everything is kept here. Attach one with "caravan relay attach URL".`,
  );
}

/** An invitation without a relay leads to this computer, and nobody can come to it now. */
export function nobodyComes(title: string): AppError {
  return new AppError(
    'not-found',
    `The workspace "${title}" has no relay, and no other computer can come to this one now; everything is kept here. Open Caravan on this computer ("caravan open"), connected to a network, and invite from there; or attach a relay with "caravan relay attach URL".`,
  );
}
