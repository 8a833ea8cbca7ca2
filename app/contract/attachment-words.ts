// What is said of a workspace's attachments in one line, by the command line and the windows alike. Pure.
import type { AttachmentTruth } from './attachments.ts';
import { size } from './sizes.ts';

/** How many are here, what waits for the relay, what pages show and is not here, and how large one may be. */
export function attachmentWords(truth: AttachmentTruth): string {
  const { here, hereBytes, waiting, waitingBytes, missing, missingBytes, trouble, largest } = truth;
  const words = [here === 0 ? 'none here' : `${here} here, ${size(hereBytes)}`];
  if (waiting > 0) {
    words.push(`${waiting} of them ${waiting === 1 ? 'waits' : 'wait'} for the relay, ${size(waitingBytes)}`);
  }
  if (missing > 0)
    words.push(`${missing} that pages and cards show ${missing === 1 ? 'is' : 'are'} not here, ${size(missingBytes)}`);
  words.push(`a file may have at most ${largest / 1_048_576} MiB`);
  return trouble === null ? words.join('; ') : `${words.join('; ')}. ${trouble}`;
}
