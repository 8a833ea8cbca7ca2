// What would be left on this computer alone when the program ends: its count, and the words for it. Words and values, no asking.

export interface OnlyHere {
  /** Documents, of all workspaces that have a relay. */
  readonly count: number;
  /** Whether some are on their way: a relay is there and takes them. */
  readonly leaving: boolean;
}

export const NOTHING_ONLY_HERE: OnlyHere = Object.freeze({ count: 0, leaving: false });

/** Milliseconds for which quitting waits for what is on its way. */
export const LEAVING_LIMIT = 2_000;

/** "3 changes are only here. They leave when you open Caravan with a connection." */
export function onlyHereWords({ count }: OnlyHere): string {
  return count === 1
    ? '1 change is only here. It leaves when you open Caravan with a connection.'
    : `${count} changes are only here. They leave when you open Caravan with a connection.`;
}

/** The same as a question before quitting. */
export function quitQuestion({ count }: OnlyHere): { readonly message: string; readonly detail: string } {
  const [changes, they] = count === 1 ? ['1 change', 'It leaves'] : [`${count} changes`, 'They leave'];
  return {
    message: `Quit with ${changes} only here?`,
    detail: `${they} when you open Caravan with a connection. Everything is stored on this computer.`,
  };
}
