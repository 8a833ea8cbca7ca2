// Why a bundle is not taken, for people: what happened, that nothing was changed, what to do. It decides nothing.
import { AppError, toWireError } from '../../../shared/base/app-error.ts';

const KEPT = 'Nothing was changed.';

export function noBundle(): AppError {
  return new AppError(
    'bad-input',
    `This file is no bundle of Caravan. ${KEPT} Choose a file that ends in .caravan-bundle.`,
  );
}

export function newerBundle(): AppError {
  return new AppError(
    'too-new',
    `This bundle was written by a newer version of Caravan. ${KEPT} Update Caravan on this computer, then read it again.`,
  );
}

export function damagedBundle(): AppError {
  return new AppError(
    'damaged',
    `This bundle is not as it was written: it was cut off or changed on its way. ${KEPT} Copy it again, or ask for another one.`,
  );
}

export function otherWorkspace(): AppError {
  return new AppError(
    'not-found',
    `This bundle belongs to a workspace that is not on this computer. ${KEPT} Read it on a computer that is in that workspace.`,
  );
}

/** @param whose names of whom it is for, as far as they are known here. */
export function otherRecipient(whose: readonly string[]): AppError {
  const known =
    whose.length > 0 ? ` It is for ${whose.slice(0, 5).join(', ')}${whose.length > 5 ? ' and others' : ''}.` : '';
  return new AppError(
    'not-allowed',
    `This bundle is sealed for other computers than this one.${known} ${KEPT} Ask whoever wrote it for one that is for you.`,
  );
}

/** `details.passphrase`: one is to be asked for. */
export function needsPassphrase(): AppError {
  return new AppError('bad-input', `This bundle is sealed with a passphrase. ${KEPT} Give the passphrase to read it.`, {
    details: { passphrase: true },
  });
}

export function wrongPassphrase(): AppError {
  return new AppError('bad-input', `This is not the passphrase of the bundle. ${KEPT} Try it again.`, {
    details: { passphrase: true },
  });
}

export function weakPassphrase(least: number): AppError {
  return new AppError(
    'bad-input',
    `A passphrase has at least ${least} characters: whoever finds the stick can try as many as they like. Nothing was written. Four words that do not belong together are good.`,
  );
}

export function tooManyComputers(most: number): AppError {
  return new AppError(
    'too-large',
    `A bundle is sealed for at most ${most} computers. Nothing was written. Write it for a space or a person, or with a passphrase.`,
  );
}

/** Of another than the one that was asked for. */
export function notThatWorkspace(): AppError {
  return new AppError('bad-input', `This bundle belongs to another workspace than the one you named. ${KEPT}`);
}

export function unknownWriter(): AppError {
  return new AppError(
    'not-allowed',
    `This bundle was written by a computer that is not known here as one of the workspace. ${KEPT} Bring the list of members up to date (meet the relay or a colleague), then read it again.`,
  );
}

export function removedWriter(name: string): AppError {
  return new AppError(
    'not-allowed',
    `This bundle was written by a computer${name === '' ? '' : ` of ${name}`} that was taken out of the workspace. ${KEPT} What it wrote before can come from anybody who took it in then.`,
  );
}

export function falseSignature(): AppError {
  return new AppError(
    'damaged',
    `The signature of this bundle does not hold: it was not written by whom it names. ${KEPT} Ask for another one.`,
  );
}

export function forkedBundle(): AppError {
  return new AppError(
    'not-allowed',
    `This bundle tells another history of the workspace's members than the one on this computer. ${KEPT} Ask the workspace's owner which of the two is right.`,
    { details: { forked: true } },
  );
}

export function noPartHere(): AppError {
  return new AppError(
    'not-allowed',
    `This computer has no part in that workspace any more. ${KEPT} What is here can be read and exported.`,
  );
}

export function cancelledReading(taken: number): AppError {
  return new AppError(
    'cancelled',
    taken === 0
      ? `It was cancelled. ${KEPT}`
      : `It was cancelled. ${taken} documents had been taken and are kept; reading the bundle again goes on from there.`,
  );
}

/** Half way, by what is not in the bundle: a full disk, a stick that was pulled out. */
export function stoppedTaking(cause: unknown, taken: number): AppError {
  const { code, message } = toWireError(cause);
  // That its seal does not hold any more: it was read to its end before.
  const reason = code === 'damaged' ? 'Its file was changed or taken away while it was read.' : message;
  return new AppError(
    code,
    `The bundle was not taken in to its end. ${reason} ${taken} documents had been taken and are kept; reading the bundle again goes on from there.`,
    { cause },
  );
}
