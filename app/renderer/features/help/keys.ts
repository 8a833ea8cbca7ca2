// The keys that the help sheet teaches, by place. The parts that listen to them are elsewhere.

export interface KeyGroup {
  readonly title: string;
  readonly keys: readonly (readonly [keys: string, does: string])[];
}

export const KEYS: readonly KeyGroup[] = [
  {
    title: 'Everywhere',
    keys: [
      ['Ctrl K', 'Search or jump'],
      ['Ctrl Alt N', 'New page'],
      ['Ctrl \\', 'Show or hide the sidebar'],
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
      ['Del', 'Archive'],
      ['Ctrl Shift ↑ ↓', 'Move the page up, down'],
      ['Ctrl Shift → ←', 'Move it in, out'],
      ['Shift F10', 'More'],
    ],
  },
  {
    title: 'Writing',
    keys: [
      ['/', 'Blocks'],
      ['Tab', 'Indent; Shift Tab: back'],
      ['Ctrl Enter', 'Tick'],
      ['Ctrl B I E', 'Bold, italic, code'],
      ['Ctrl Shift S', 'Strike through'],
      ['Ctrl K', 'Link, with text selected'],
      ['Ctrl Alt 1 2 3', 'Heading; 0: text'],
      ['Ctrl D', 'Duplicate the block'],
      ['Ctrl Shift ↑ ↓', 'Move the block'],
      ['Ctrl Alt M', 'Comment on the selected text; else the comments'],
      ['Ctrl Z', 'Undo what I typed'],
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
];
