// What an end of a conversation between peers says of why it ended. To the other end there is one answer.
import { AppError } from '../../../shared/base/app-error.ts';
import { CLOSE } from '../../../shared/protocol/close-codes.ts';

/** What the other end hears, whatever was wrong: it must not learn which part was, nor what there is here. */
export const REFUSAL = Object.freeze({ code: CLOSE.forbidden, reason: 'There is nothing here for you.' });

/** For this end alone; `details.closeCode` is final. */
export function refusedPeer(message: string, details: Readonly<Record<string, unknown>> = {}): AppError {
  return new AppError('not-allowed', message, { details: { closeCode: CLOSE.forbidden, ...details } });
}

/** The other end is proved to know the workspace, and speaks no version that this one knows. */
export function strangeVersion(): AppError {
  return new AppError(
    'not-allowed',
    'That computer has another version of Caravan, and the two have no language in common. Everything is kept. Update the older one.',
    { details: { closeCode: CLOSE.version } },
  );
}
