// What the file system threw, as an AppError that says what to do.
import { AppError, type ErrorCode } from '../../shared/base/app-error.ts';

const KNOWN: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  ENOSPC: ['disk-full', 'The disk is full. What was stored before is kept; free some space and try again.'],
  EDQUOT: [
    'disk-full',
    'The quota of this disk is used up. What was stored before is kept; free some space and try again.',
  ],
  EROFS: ['read-only', 'The disk is read-only. Nothing was changed; choose another folder with --data.'],
  EACCES: [
    'read-only',
    'This account may not write or read there. Nothing was changed; mend the permissions or choose another folder.',
  ],
  EPERM: [
    'read-only',
    'This account may not write or read there. Nothing was changed; mend the permissions or choose another folder.',
  ],
  ENOTDIR: ['bad-input', 'Something on that path is a file, not a folder. Nothing was changed; choose another folder.'],
  EEXIST: ['bad-input', 'Something on that path is a file, not a folder. Nothing was changed; choose another folder.'],
  ENOENT: ['not-found', 'It is not there. Nothing was changed.'],
};

/** `what` is the first sentence; the system's code adds what was kept and what to do. */
export function fileError(error: unknown, what: string): AppError {
  if (error instanceof AppError) return error;
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  const known = KNOWN[code];
  if (known) return new AppError(known[0], `${what} ${known[1]}`, { cause: error });
  const detail = error instanceof Error ? error.message : String(error);
  return new AppError('internal', `${what} The system says: ${detail}`, { cause: error });
}
