// What following, copying, keeping, the past and a file mean for each object that can be shown. It asks; dialogs and panels are opened by whoever is handed in.
import type { DocEntry } from '../../contract/entities.ts';
import type { PageCommands } from '../features/tree/page-commands.ts';
import { failureWords } from '../window/failure.ts';
import type { Services } from '../window/services.ts';
import type { Followed, Following } from './following.svelte.ts';
import type { ObjectDoing } from './object-actions.ts';

export interface ObjectParts {
  readonly services: Pick<Services, 'announcer' | 'toasts'>;
  readonly following: Following;
  readonly commands: PageCommands;
}

/** Toggles, and says what holds now. */
function follow({ services, following }: ObjectParts, thing: Followed): Pick<ObjectDoing, 'followed' | 'follow'> {
  return {
    followed: following.is(thing),
    follow: () => {
      const wanted = !following.is(thing);
      following.set(thing, wanted).then(
        () => services.announcer.say(wanted ? 'You follow this' : 'You do not follow this any more'),
        (error: unknown) => services.toasts.fail(failureWords(error)),
      );
    },
  };
}

/** A page, board or discussion. */
export function documentDoing(
  parts: ObjectParts,
  entry: DocEntry,
  asks: {
    readonly bookmark: () => void;
    readonly history: NonNullable<ObjectDoing['history']>;
    readonly exportIt: NonNullable<ObjectDoing['exportIt']>;
  },
): ObjectDoing {
  const { commands } = parts;
  const thing: Followed =
    entry.kind === 'thread'
      ? { kind: 'thread', thread: entry.id, space: entry.space }
      : { kind: 'document', document: entry.id };
  return {
    ...follow(parts, thing),
    ...asks,
    copyLink: () => void commands.copyLink(entry),
    copyMarkdown: () => void commands.copyMarkdown(entry),
  };
}

/** A card of a board. */
export function cardDoing(
  parts: ObjectParts,
  { board, card }: { readonly board: DocEntry; readonly card: string },
  asks: { readonly bookmark: () => void; readonly history: () => void },
): ObjectDoing {
  const { commands } = parts;
  return {
    ...follow(parts, { kind: 'card', board: board.id, card }),
    bookmark: asks.bookmark,
    history: { run: asks.history },
    copyLink: () => void commands.copyLink(board, card),
    copyMarkdown: () => void commands.copyMarkdown(board, card),
    exportIt: { run: () => void commands.saveMarkdown(board, card) },
  };
}

/** A person can be followed; a space goes out as a whole as well. */
export function placeDoing(
  parts: ObjectParts,
  thing: Extract<Followed, { kind: 'person' | 'space' }>,
  exportSpace: (space: string) => void,
): ObjectDoing {
  const followed = follow(parts, thing);
  return thing.kind === 'person' ? followed : { ...followed, exportIt: { run: () => exportSpace(thing.space) } };
}
