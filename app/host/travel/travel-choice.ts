// What is taken along from each workspace, as it is kept for this computer (docs/travel.md, TR8), and what that comes to. Whoever asks reads my own documents.
import { fromUtf8, utf8 } from '../../../shared/base/encoding.ts';
import type { ValueStore } from '../../../shared/hub/value-store.ts';
import type { Level } from '../../../shared/model/personal/levels.ts';
import { travelChoice, type TravelChoice } from '../../contract/travel.ts';
import { parseJson } from '../data-folder.ts';
import type { Chosen } from './taken-along.ts';

const AREA = 'travel';
const FOLLOWED: TravelChoice = { what: 'followed' };

/** What does not read is no choice: what I follow is taken along then. */
export async function readChoice(values: ValueStore, workspace: string): Promise<TravelChoice> {
  const stored = await values.get(AREA, workspace);
  const read = travelChoice.safeParse(stored && parseJson(fromUtf8(stored) ?? ''));
  return read.success ? read.data : FOLLOWED;
}

/** @param choice null: nothing is kept any more. */
export async function keepChoice(values: ValueStore, workspace: string, choice: TravelChoice | null): Promise<void> {
  await values.write([{ area: AREA, key: workspace, value: choice && utf8(JSON.stringify(choice)) }]);
}

/** What I said of what I follow. */
export interface MyFollows {
  /** Of discussions and spaces; a space of which nothing is said is followed, as for its notifications (PS8). */
  readonly levels: ReadonlyMap<string, Level>;
  readonly favourites: Iterable<string>;
  readonly watched: Iterable<string>;
}

/** Rule TR1. @param mine the spaces that I am in and that are not archived. `everything`: nothing is followed, so it is all of them. */
export function chosenBy(
  choice: TravelChoice,
  mine: readonly string[],
  { levels, favourites, watched }: MyFollows,
): Chosen & { readonly everything: boolean } {
  if (choice.what === 'all') return { spaces: new Set(mine), documents: new Set(), everything: false };
  if (choice.what === 'chosen') {
    const named = new Set(choice.spaces);
    const spaces = new Set(mine.filter((space) => named.has(space)));
    return { spaces, documents: new Set(choice.documents), everything: false };
  }
  const spaces = new Set(mine.filter((space) => (levels.get(space) ?? 'all') === 'all'));
  const said = [...levels].flatMap(([id, level]) => (level === 'all' ? id : []));
  const documents = new Set([...favourites, ...watched, ...said]);
  if (spaces.size + documents.size > 0) return { spaces, documents, everything: false };
  return { spaces: new Set(mine), documents, everything: true };
}
