// The pages that a new page can begin with before anybody has made a template: their names and blocks as plain data. It writes nothing.
import type { NewBlock, TextKind } from './block.ts';

export interface BuiltInTemplate {
  /** Stands where a document's id does in `doc.fromTemplate`; no document has such an id. */
  readonly id: string;
  readonly title: string;
  readonly blocks: readonly NewBlock[];
  /** Days after today until which it is open for comment (PP8). */
  readonly commentDays?: number;
}

function text(kind: TextKind, words = '', level?: number): NewBlock {
  const content = words === '' ? [] : [{ type: 'text' as const, text: words, marks: {} }];
  return { type: 'text', kind, content, ...(level === undefined ? {} : { level }) };
}

function poll(question: string, choices: readonly string[]): NewBlock {
  const ask = { text: question, choices, multiple: false, anonymous: false, until: null };
  return { type: 'atom', kind: 'poll', props: { ask } };
}

const THREAD: NewBlock = { type: 'atom', kind: 'thread' };

export const BUILT_IN_TEMPLATES: readonly BuiltInTemplate[] = Object.freeze([
  {
    id: '~training',
    title: 'Training',
    blocks: [
      text('heading', 'What you learn here', 1),
      text('bullet'),
      text('heading', 'Watch and read', 1),
      text('paragraph', 'Type / and choose File or Image for a film, a PDF or pictures, or drop them here.'),
      text('heading', 'Check yourself', 1),
      poll('How well do you know this now?', ['I could explain it', 'I can do it with help', 'Not yet']),
      text('heading', 'Questions', 1),
      THREAD,
      {
        type: 'atom',
        kind: 'done',
        props: {
          ask: { text: 'I have done this training', choices: [], multiple: false, anonymous: false, until: null },
        },
      },
      text('paragraph'),
    ],
  },
  {
    id: '~consultation',
    title: 'Consultation',
    commentDays: 14,
    blocks: [
      text('callout', 'Select the words that you want to say something about and press Ctrl Alt M.'),
      text('heading', 'What is proposed, and why', 1),
      text('paragraph'),
      text('heading', 'The draft', 1),
      text('paragraph'),
      text('heading', 'What do you think?', 1),
      poll('Do you agree with this draft?', ['Yes', 'Yes, with changes', 'No']),
      THREAD,
      text('paragraph'),
    ],
  },
]);
