// Calls that bring documents in and write them out; each is a job with progress that can be cancelled.
import { AppError } from '../../../shared/base/app-error.ts';
import type { CallHandlers } from '../call-handlers.ts';

function missing(): never {
  throw new AppError('unsupported', 'This build brings no documents in or out. Nothing was changed.');
}

export const transferCalls = {
  'import.markdown': async () => missing(),
  'import.files': async () => missing(),
  'export.markdown': async () => missing(),
  'export.zip': async () => missing(),
} satisfies Partial<CallHandlers>;
