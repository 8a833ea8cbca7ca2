// Polls, ticks, threads and boards on a page as Markdown: a fenced block whose language names the kind, readable as it stands. Votes are not in it.
import type { AskContent, NewAtom } from '../page/block.ts';
import { isId } from '../page/embeds.ts';
import { askLine, readNewAsk } from '../page/new-ask.ts';
import { readPageLink } from '../page/page-link.ts';
import { BOARD_FENCE, readBoardLines } from './board-fence.ts';

const FENCES = { poll: 'caravan-poll', done: 'caravan-done', thread: 'caravan-thread', board: BOARD_FENCE } as const;
const CHOICE = '- ';
const UNTIL = 'until ';

/** The lines between the fences: the question, `- ` and a choice each, then the rules. */
export function askLines(kind: 'poll' | 'done', ask: AskContent): readonly string[] {
  const { text, choices, multiple, anonymous, until } = ask;
  if (kind === 'done') return text === '' ? [] : [text];
  return [
    ...(text === '' && choices.length === 0 && !multiple && !anonymous && until === null ? [] : [text]),
    ...choices.map((choice) => CHOICE + choice),
    ...(multiple ? ['multiple'] : []),
    ...(anonymous ? ['anonymous'] : []),
    ...(until === null ? [] : [UNTIL + new Date(until).toISOString()]),
  ];
}

/** The block that a fenced piece of code is, or null. `lead` says where an address leads; null for one that leads nowhere here. */
export function readAskFence(language: string, code: string, lead: (url: string) => string | null): NewAtom | null {
  const lines = code === '' ? [] : code.split('\n');
  switch (language) {
    case FENCES.done:
      if (lines.length > 1 || !isLine(lines[0] ?? '')) return null;
      return { type: 'atom', kind: 'done', props: { ask: readNewAsk({ text: lines[0] ?? '' }) } };
    case FENCES.poll:
      return readPoll(lines);
    case FENCES.thread:
      return readThread(lines, lead);
    case FENCES.board:
      return readBoardLines(lines, lead);
    default:
      return null;
  }
}

export function fenceOf(kind: keyof typeof FENCES): string {
  return FENCES[kind];
}

function readPoll([text = '', ...rest]: readonly string[]): NewAtom | null {
  const given: { choices: string[]; [rule: string]: unknown } = { text, choices: [] };
  const rules = [...rest];
  while (rules[0]?.startsWith(CHOICE)) given.choices.push(rules.shift()?.slice(CHOICE.length) ?? '');
  if (rules[0] === 'multiple') given['multiple'] = rules.shift() !== undefined;
  if (rules[0] === 'anonymous') given['anonymous'] = rules.shift() !== undefined;
  if (rules[0]?.startsWith(UNTIL)) {
    const until = timeOf(rules.shift()?.slice(UNTIL.length) ?? '');
    if (until === null) return null;
    given['until'] = until;
  }
  const ask = readNewAsk(given);
  // What a poll cannot say stays code, letter by letter.
  if (rules.length > 0 || !ask || !isLine(text) || ask.choices.length !== given.choices.length) return null;
  if (ask.choices.some((choice, at) => choice !== given.choices[at])) return null;
  return { type: 'atom', kind: 'poll', props: { ask } };
}

function readThread(lines: readonly string[], lead: (url: string) => string | null): NewAtom | null {
  if (lines.length === 0) return { type: 'atom', kind: 'thread' };
  const [, url = ''] = lines;
  if (lines.length !== 2) return null;
  const address = readPageLink(lead(url) ?? '');
  if (!address || address.anchor !== '' || !isId(address.page)) return null;
  return { type: 'atom', kind: 'thread', props: { thread: address.page } };
}

function isLine(text: string): boolean {
  return askLine(text) === text;
}

/** A time as it is printed, or null: no other way to write one reads as the same. */
function timeOf(text: string): number | null {
  const time = Date.parse(text);
  return Number.isFinite(time) && time >= 0 && new Date(time).toISOString() === text ? time : null;
}
