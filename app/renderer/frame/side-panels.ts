// The panels that can stand beside a page, with their keys; what they hold is drawn by DocumentArea. One is open at a time.

export type SidePanelId = 'comments' | 'contents' | 'history' | 'links' | 'recovered';

export interface SidePanelKind {
  readonly id: SidePanelId;
  readonly label: string;
  /** With Ctrl and Alt (KeyboardEvent.code). */
  readonly code: string;
}

export const SIDE_PANELS: readonly SidePanelKind[] = [
  { id: 'comments', label: 'Comments', code: 'KeyM' },
  { id: 'contents', label: 'Contents', code: 'KeyO' },
  { id: 'history', label: 'History', code: 'KeyH' },
  { id: 'links', label: 'Links', code: 'KeyK' },
  { id: 'recovered', label: 'Recovered', code: 'KeyR' },
];

/** The panel that a key asks for, or null. AltGr is no Ctrl Alt: it types letters on many keyboards. */
export function panelOfKey(event: KeyboardEvent): SidePanelId | null {
  if (!(event.ctrlKey || event.metaKey) || !event.altKey || event.shiftKey) return null;
  if (event.getModifierState('AltGraph')) return null;
  return SIDE_PANELS.find(({ code }) => code === event.code)?.id ?? null;
}
