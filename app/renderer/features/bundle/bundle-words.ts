// What is said of a bundle: for whom, what is in it, what came of it. Pure.
import type { BundleDocument, BundleLook, BundlePlan, BundleTaken } from '../../../contract/bundles.ts';
import { count } from '../../window/times.ts';

/** "Ana", "Ana and Bo", "Ana, Bo and 3 others". */
export function namesOf(people: readonly { readonly name: string }[], most = 4): string {
  const names = people.map(({ name }) => name || 'somebody without a name yet');
  const shown = names.length > most ? [...names.slice(0, most - 1), `${names.length - most + 1} others`] : names;
  const last = shown.at(-1) ?? 'nobody';
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(', ')} and ${last}`;
}

export function planWords({ documents, people, computers }: BundlePlan): string {
  return `${count(documents, 'document')} for ${namesOf(people)}, on ${count(computers, 'computer')}.`;
}

const STATES: Readonly<Record<Exclude<BundleDocument['state'], 'changed'>, string>> = {
  new: 'new here',
  same: 'all of it is here',
  gap: 'builds on what is not here',
  refused: 'cannot be taken',
};

export function stateWords({ state, changes }: BundleDocument): string {
  return state === 'changed' ? count(changes, 'change') : STATES[state];
}

/** For whom it was written, as its writer chose. @param name of a member or space, '' where it is not known. */
export function forWords(to: BundleLook['to'], name: (id: string) => string): string {
  if (to.kind === 'all') return 'for everybody who may read all of it';
  if (to.kind === 'space') return `for everybody in ${name(to.space) || 'a space'}`;
  return `for ${name(to.member) || 'somebody'}`;
}

/** How many of each state, the unremarkable last. */
export function totalWords({ documents, more }: BundleLook): string {
  const of = (state: BundleDocument['state']): number => documents.filter((one) => one.state === state).length;
  const parts = [
    [of('new'), 'new here'],
    [of('changed'), 'with changes'],
    [of('same'), 'here already'],
    [of('gap') + of('refused'), 'that cannot be taken'],
  ] as const;
  const said = parts
    .filter(([number]) => number > 0)
    .map(([number, words]) => `${number.toLocaleString('en')} ${words}`);
  if (documents.length + more === 0) return 'It holds no documents.';
  const total = count(documents.length + more, 'document');
  return said.length === 0 ? total : `${total}: ${said.join(', ')}`;
}

export function takenWords(taken: BundleTaken): string {
  const { documents, same, sittings, files } = taken;
  if (documents + sittings + files === 0) return nothingTakenWords(taken);
  const parts = [
    [documents, count(documents, 'document')],
    [sittings, count(sittings, 'editing session')],
    [files, count(files, 'attachment')],
  ] as const;
  const said = parts.filter(([number]) => number > 0).map(([, words]) => words);
  return `Taken in: ${said.join(', ')}.${same > 0 ? ` ${count(same, 'document was', 'documents were')} here already.` : ''}`;
}

function nothingTakenWords({ same, hidden, records, refused, more }: BundleTaken): string {
  const isHere = refused.length + more === 0 && (same > 0 || hidden === 0);
  const documents = isHere
    ? `Everything ${records > 0 ? 'else ' : ''}in it was here already.`
    : refused.length + more > 0
      ? 'What is new in it could not be taken in.'
      : 'No document in it may be read on this computer.';
  return records > 0
    ? `What it says of members and spaces was taken in. ${documents}`
    : `${documents} Nothing was changed.`;
}
