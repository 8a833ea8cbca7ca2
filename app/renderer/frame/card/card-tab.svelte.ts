// Which part of a card is shown under its facts: one for the window, so that the next card shows the same, and its history can be asked for from anywhere.

export const CARD_TABS = [
  { id: 'comments', label: 'Comments' },
  { id: 'activity', label: 'Activity' },
] as const;

export class CardTab {
  shown = $state<(typeof CARD_TABS)[number]['id']>('comments');
  /** How often the tabs were asked for from elsewhere: they take the focus then. */
  asked = $state(0);

  ask(tab: CardTab['shown']): void {
    this.shown = tab;
    this.asked += 1;
  }
}
