// The keys that the help sheet teaches, by place. The parts that listen to them are elsewhere.
import { OBJECT_KEYS } from '../../window/object-keys.ts';

export interface KeyGroup {
  readonly title: string;
  readonly keys: readonly (readonly [keys: string, does: string])[];
}

export const KEYS: readonly KeyGroup[] = [
  {
    title: 'Everywhere',
    keys: [
      ['Ctrl K', 'Search or jump; Ctrl Enter there: search all text'],
      ['Ctrl Shift F', 'Search everything'],
      ['Ctrl Alt N', 'New page'],
      ['Ctrl \\', 'Show or hide the sidebar'],
      ['Ctrl Alt R', 'Recovered text of the page'],
      ['1 2 3', 'In Overlaps: keep yours, take the other, combine; J K go along'],
      ['F7', 'Next change; Shift F7: the one before'],
      ['?', 'This sheet'],
      ['Esc', 'Close what is open'],
    ],
  },
  {
    title: 'In the page tree',
    keys: [
      ['↑ ↓', 'Move along'],
      ['→ ←', 'Open, close'],
      ['Enter', 'Go to the page'],
      ['F2', 'Rename'],
      ['Del', 'Move to the trash'],
      ['Ctrl Shift ↑ ↓', 'Move the page up, down'],
      ['Ctrl Shift → ←', 'Move it in, out'],
      ['Shift F10', 'More'],
    ],
  },
  {
    title: 'With the page, board, card or discussion that is shown',
    keys: [
      [OBJECT_KEYS.favourite.shown, 'Favourite, or not any more'],
      [OBJECT_KEYS.follow.shown, 'Follow, or stop following; a person and a space as well'],
      [OBJECT_KEYS.bookmark.shown, 'Bookmark, for you or for a space'],
      [OBJECT_KEYS.copyLink.shown, 'Copy link'],
      [OBJECT_KEYS.copyMarkdown.shown, 'Copy as Markdown'],
      [OBJECT_KEYS.history.shown, 'History'],
      [OBJECT_KEYS.exportIt.shown, 'Export as Markdown; of a page with the pages below'],
      [OBJECT_KEYS.archive.shown, 'Archive'],
      ['Ctrl P', 'Print or save as PDF'],
    ],
  },
  {
    title: 'In a discussion',
    keys: [
      ['J, K', 'Next post, the one before'],
      ['N', 'Next discussion with something unread'],
      ['R', 'Answer the post, or write one'],
      ['Q', 'Quote it'],
      ['E', 'Edit your own'],
      ['U', 'Unread from here'],
      ['B', 'Back to the post that you jumped from'],
      ['@, [[, :, /', 'People and days, pages, signs, forms while writing'],
      ['Ctrl Enter', 'Post'],
    ],
  },
  {
    title: 'While you were away',
    keys: [
      ['J K', 'Next, previous thing'],
      ['Enter', 'Open it exactly there'],
      ['E', 'Done'],
      ['Shift E', 'Everything done'],
    ],
  },
  {
    title: 'In the inbox',
    keys: [
      ['J, K', 'Next thing, the one before'],
      ['Enter', 'Open it exactly there'],
      ['E', 'Done; among what is done: back to the inbox'],
      ['S', 'Snooze'],
      ['U', 'Mute: only mentions from there'],
    ],
  },
  {
    title: 'On a board',
    keys: [
      ['↑ ↓ ← →', 'Go from card to card; with Shift: choose'],
      ['Space', 'Lift; arrows carry, Space puts down, Esc back'],
      ['C', 'New card'],
      ['Enter, E', 'Open the card'],
      ['M, L, D', 'People, labels, due'],
      ['X', 'Choose the card, or not'],
      ['A', 'Archive'],
      ['/', 'Filter'],
      ['Alt ↑ ↓', 'In a card: the one before, the next'],
      ['Ctrl Z', 'Undo'],
    ],
  },
  {
    title: 'Among my favourites',
    keys: [
      ['↑ ↓', 'Move along'],
      ['Ctrl Shift ↑ ↓', 'Put up, down'],
    ],
  },
  {
    title: 'Writing',
    keys: [
      ['/', 'Blocks'],
      ['Tab', 'Indent; Shift Tab: back'],
      ['Enter, Shift Enter', 'New block; line break'],
      ['Ctrl Enter', 'Tick; fold or open a toggle or heading'],
      ['Ctrl B I E', 'Bold, italic, code'],
      ['Ctrl Shift S', 'Strike through'],
      ['Ctrl Shift H', 'Highlight'],
      ['Ctrl K', 'Link, with text selected'],
      ['Ctrl Alt 1 2 3', 'Heading; 0: text'],
      ['Ctrl D', 'Duplicate the block'],
      ['Ctrl Shift ↑ ↓', 'Move the block'],
      ['[[ and @', 'Link a page; mention a person or a day'],
      ['Ctrl Alt K', 'Who links here'],
      ['Ctrl Alt M', 'Comment on the selected text; else the comments'],
      ['Ctrl /', 'More for the block'],
      ['Ctrl A', 'Select the block; again: all'],
      ['Ctrl Shift V', 'Paste as plain text'],
      ['Ctrl Z', 'Undo what I did'],
      ['Ctrl Y', 'Do it again'],
      ['Esc, Tab', 'Leave the text'],
    ],
  },
  {
    title: 'On a page',
    keys: [
      ['Ctrl F', 'Find; Enter: next, Shift Enter: previous'],
      ['Ctrl Alt F', 'Find and replace'],
      ['Ctrl Alt O', 'Contents and word count'],
    ],
  },
  {
    title: 'Typed at the start of a line',
    keys: [
      ['# ## ###', 'Headings'],
      ['- or *', 'List'],
      ['1.', 'Numbered list'],
      ['[]', 'Checklist'],
      ['>', 'Quote'],
      ['```', 'Code'],
      ['---', 'Divider'],
    ],
  },
  {
    title: 'Typed around words',
    keys: [
      ['**b**', 'Bold'],
      ['*i*', 'Italic'],
      ['`c`', 'Code'],
      ['~~s~~', 'Strike through'],
      ['==h==', 'Highlight'],
    ],
  },
];
