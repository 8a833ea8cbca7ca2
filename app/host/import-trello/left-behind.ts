// What of a Trello export has no place here, or could not be read: counted by reason, with a few names to find it by. It decides nothing.
import { cutLine } from '../../../shared/model/document/title.ts';

/** Why, and how a report says it. `{n}` stands for the count. */
const REASONS = {
  votes: 'Votes on cards ({n} cards)',
  cover: 'Covers of cards ({n})',
  sticker: 'Stickers ({n})',
  location: 'Places on a map ({n} cards)',
  'power-up': 'Data of power-ups ({n})',
  'template-card': 'Cards that are templates: they become cards ({n})',
  'special-card': 'Separators, mirrored cards and links as cards: they become cards ({n})',
  reminder: 'Reminders before a due time ({n})',
  'checkbox-field': 'Checkbox fields: they become a choice of Yes ({n})',
  'archived-list': 'Archived lists: their cards are archived, the lists are not shown ({n})',
  'archived-board': 'The board is closed in Trello: here it is open ({n})',
  activity: 'Entries of the activity log other than comments ({n})',
  'missing-comment': 'Comments that the export does not hold: Trello exports the newest 1,000 actions of a board ({n})',
  'comment-without-card': 'Comments on cards that the export does not hold ({n})',
  'attachment-address': 'Attachments without an address on the web: their names are kept ({n})',
  upload: 'Files that were uploaded: the export holds their names and addresses, not the files ({n})',
  'without-list': 'Cards whose list the export does not hold: they go to "Unsorted" ({n})',
  'unknown-member': 'People who are not named in the export ({n})',
  'unknown-label': 'Labels that the export does not describe ({n})',
  'unused-label': 'Labels without a name that no card has ({n})',
  'field-value': 'Values of custom fields that cannot be read ({n})',
  date: 'Times that cannot be read ({n})',
  cut: 'Lines longer than 2,000 characters: they are cut ({n})',
  doubled: 'Parts that have the same id as another ({n})',
  unreadable: 'Parts that cannot be read ({n})',
} as const;
export type LeftReason = keyof typeof REASONS;

export interface LeftBehind {
  readonly reason: LeftReason;
  readonly count: number;
  /** For people. */
  readonly message: string;
  /** The first few cards or things that it concerns. */
  readonly examples: readonly string[];
}

const MOST_EXAMPLES = 5;

export class Leftovers {
  readonly #found = new Map<LeftReason, { count: number; examples: string[] }>();

  add(reason: LeftReason, example = '', count = 1): void {
    if (count <= 0) return;
    const known = this.#found.get(reason) ?? { count: 0, examples: [] };
    this.#found.set(reason, known);
    known.count += count;
    const name = cutLine(example.slice(0, 4_000)).slice(0, 120);
    if (name !== '' && known.examples.length < MOST_EXAMPLES && !known.examples.includes(name))
      known.examples.push(name);
  }

  /** In the order of the table above. */
  list(): readonly LeftBehind[] {
    return (Object.keys(REASONS) as LeftReason[]).flatMap((reason) => {
      const found = this.#found.get(reason);
      if (!found) return [];
      return { reason, ...found, message: REASONS[reason].replace('{n}', String(found.count)) };
    });
  }
}
