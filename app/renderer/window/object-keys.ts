// The keys of what can be done with any object (page, board, card, thread): one place, so that they are the same everywhere.

export interface ObjectKey {
  /** The physical key, with Ctrl and Alt (on a Mac: Command and Option). */
  readonly code: string;
  /** As menus and the help sheet show it. */
  readonly shown: string;
}

function key(letter: string): ObjectKey {
  return { code: `Key${letter}`, shown: `Ctrl Alt ${letter}` };
}

export const OBJECT_KEYS = Object.freeze({
  favourite: key('B'),
  follow: key('W'),
  bookmark: key('D'),
  copyLink: key('L'),
  copyMarkdown: key('C'),
  history: key('H'),
  exportIt: key('E'),
  archive: key('A'),
});

/** Whether the event is Ctrl and Alt with that key; AltGr, which types letters, is not. */
export function isObjectKey(event: KeyboardEvent, { code }: ObjectKey): boolean {
  const held = (event.ctrlKey || event.metaKey) && event.altKey && !event.shiftKey;
  return held && event.code === code && !event.getModifierState('AltGraph');
}
