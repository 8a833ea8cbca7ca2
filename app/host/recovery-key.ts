// The recovery key: a device of its member that exists as 24 words alone. It shows the words once and stores them nowhere.
import type { DeviceKey } from '../../shared/access/identity.ts';
import { deviceStatement, prove } from '../../shared/access/proof.ts';
import { RECOVERY_WORDS, seedOfWords, wordsOfSeed } from '../../shared/access/recovery-words.ts';
import { keyFromSeed, randomSeed } from '../../shared/access/seed-key.ts';
import { AppError } from '../../shared/base/app-error.ts';

export interface NewRecoveryKey {
  readonly words: string;
  readonly key: DeviceKey;
  /** For device.add. */
  readonly proof: string;
}

export async function makeRecoveryKey(workspace: string, member: string): Promise<NewRecoveryKey> {
  const seed = randomSeed();
  const key = await keyFromSeed(seed);
  return { words: wordsOfSeed(seed), key, proof: await prove(key, deviceStatement(workspace, member, key.id)) };
}

/** Throws `bad-input` with what is wrong about the words; they themselves are in no error. */
export async function recoveryKeyOf(words: string): Promise<DeviceKey> {
  const read = seedOfWords(words);
  switch (read.kind) {
    case 'seed':
      return keyFromSeed(read.seed);
    case 'count':
      throw new AppError(
        'bad-input',
        `A recovery key has ${RECOVERY_WORDS} words; these are ${read.words}. Nothing was changed. Enter all of them, in their order.`,
      );
    case 'unknown':
      throw new AppError(
        'bad-input',
        `Word ${read.at.slice(0, 5).join(', ')} is none that a recovery key has. Nothing was changed. Check how it is written.`,
        { details: { at: [...read.at] } },
      );
    case 'mismatch':
      throw new AppError(
        'bad-input',
        'Every word is known, but together they are no recovery key: one is another, or two changed places. Nothing was changed. Check them one by one.',
      );
  }
}
