// What stands beside a page's words, as a file (docs/documents.md, EX5): comments, what became of them, answers to what it asks. Reading is total; what is not of the form is counted and left.
import { isDocumentId, readTime } from '../../shared/model/document/meta.ts';
import { isJson, isPlainEntry, type PlainEntry } from '../../shared/model/document/plain-maps.ts';
import type { PlainComment, PlainComments, PlainPlace } from '../../shared/model/comments/plain.ts';
import type { PlainAnswer, PlainAnswers } from '../../shared/model/page/plain-answers.ts';
import { canonical } from '../../shared/model/thread/plain.ts';
import { changePosts, changeReactions, sayer, type ThreadChange } from './change-thread.ts';
import { at, entriesIn, isObject, isText, lineOf, MOST } from './plain-file.ts';

export interface PageBeside extends PlainComments {
  readonly answers: PlainAnswers;
  /** As `meta` has it (PP8); null: it is open for no comments. */
  readonly consultation: PlainEntry | null;
}

export interface PageFile {
  readonly beside: PageBeside;
  /** What all are called whom it names. */
  readonly people: ReadonlyMap<string, string>;
  /** Where documents that its comments lead to are in the same export, as relative addresses. */
  readonly pages: ReadonlyMap<string, string>;
  /** Where the bytes of what its comments show are, by name (BL), as relative addresses. */
  readonly assets: ReadonlyMap<string, string>;
}

export const PAGE_ENDING = '.page.json';
const FORMAT = 'caravan-page';
const VERSION = 1;

export function pageFileOf(markdown: string): string {
  return markdown.replace(/\.md$/, PAGE_ENDING);
}

export function isPageFilePath(path: string): boolean {
  return path.toLowerCase().endsWith(PAGE_ENDING);
}

export function isBare({ comments, decisions, answers, consultation }: PageBeside): boolean {
  const isAnswered = answers.some((given) => given.length > 0);
  return comments.size === 0 && Object.keys(decisions).length === 0 && !isAnswered && consultation === null;
}

export function printPageFile({ beside, people, pages, assets }: PageFile): string {
  const comments = [...beside.comments].map(
    ([id, one]) => [id, { ...one, posts: Object.fromEntries(one.posts) }] as const,
  );
  const said = {
    comments: Object.fromEntries(comments),
    decisions: beside.decisions,
    answers: beside.answers,
    consultation: beside.consultation,
    people: Object.fromEntries(people),
    pages: Object.fromEntries(pages),
    assets: Object.fromEntries(assets),
  };
  return `{\n "format": "${FORMAT}",\n "version": ${String(VERSION)},\n${canonical(said, 1).slice(2)}\n`;
}

export type PageFileReading =
  | { readonly kind: 'page'; readonly file: PageFile; readonly dropped: number }
  /** A sentence for a report. */
  | { readonly kind: 'refused'; readonly reason: string };

export function readPageFile(text: string): PageFileReading {
  let said: unknown;
  try {
    said = JSON.parse(text);
  } catch {
    return { kind: 'refused', reason: 'These are no comments: the file is not JSON.' };
  }
  if (at(said, 'format') !== FORMAT) return { kind: 'refused', reason: 'These are no comments of an export.' };
  if (at(said, 'version') !== VERSION) {
    return {
      kind: 'refused',
      reason: 'These comments were exported by a newer version. Update Caravan, and import them again.',
    };
  }
  let dropped = 0;
  const drop = (): void => {
    dropped += 1;
  };
  const comments = entriesIn(at(said, 'comments'), isObject, drop).map(
    ([id, one]) => [id, commentIn(one, drop)] as const,
  );
  const decisions = Object.entries(objectIn(at(said, 'decisions'), drop)).filter(([key, value]) => {
    const isRight = key.split('/').length === 2 && key.split('/').every(isDocumentId) && isJson(value);
    if (!isRight) drop();
    return isRight;
  });
  const answers = at(said, 'answers');
  const consultation = at(said, 'consultation');
  const lines = (key: string): [string, string][] => entriesIn(at(said, key), isText, drop);
  const beside: PageBeside = {
    comments: new Map(comments),
    decisions: Object.fromEntries(decisions),
    answers: Array.isArray(answers)
      ? (answers as unknown[])
          .slice(0, 10_000)
          .map((given) =>
            Array.isArray(given) ? (given as unknown[]).slice(0, MOST).flatMap((one) => answerIn(one, drop)) : [],
          )
      : [],
    consultation: isObject(consultation) && isPlainEntry(consultation) ? consultation : null,
  };
  const people = new Map(lines('people').map(([one, name]) => [one, lineOf(name)]));
  return {
    kind: 'page',
    file: { beside, people, pages: new Map(lines('pages')), assets: new Map(lines('assets')) },
    dropped,
  };
}

function objectIn(value: unknown, drop: () => void): Readonly<Record<string, unknown>> {
  if (isObject(value)) return value;
  if (value !== undefined) drop();
  return {};
}

function commentIn(said: Readonly<Record<string, unknown>>, drop: () => void): PlainComment {
  const [quote, places, reactions, resolved] = [
    at(said, 'quote'),
    at(said, 'places'),
    at(said, 'reactions'),
    at(said, 'resolved'),
  ];
  return {
    quote: typeof quote === 'string' ? quote : '',
    places: Array.isArray(places) ? (places as unknown[]).slice(0, 64).filter(isPlace) : [],
    posts: new Map(entriesIn(at(said, 'posts'), isPost, drop)),
    reactions: Array.isArray(reactions) ? (reactions as unknown[]).slice(0, MOST).filter(isReaction) : [],
    resolved: isObject(resolved) && isPlainEntry(resolved) ? resolved : null,
  };
}

function isPlace(value: unknown): value is PlainPlace {
  const [words, nth] = [at(value, 'words'), at(value, 'nth')];
  return typeof words === 'string' && words.length <= 100_000 && Number.isSafeInteger(nth) && Number(nth) >= 0;
}

function isPost(value: unknown): value is PlainEntry {
  if (!isPlainEntry(value)) return false;
  const versions = value['versions'];
  return versions === undefined || (isObject(versions) && isObject(versions['$map']));
}

function isReaction(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 300 && value.split('/').length === 3;
}

function answerIn(value: unknown, drop: () => void): PlainAnswer[] {
  const [member, choices, time] = [at(value, 'member'), at(value, 'choices'), readTime(at(value, 'at'))];
  if (!isDocumentId(member) || !Array.isArray(choices) || time === null) {
    drop();
    return [];
  }
  const places = (choices as unknown[]).slice(0, 256).filter((one): one is number => Number.isSafeInteger(one));
  return [{ member, choices: places, at: time, unnamed: at(value, 'unnamed') === true }];
}

/** With others in the place of people and documents that it names. */
export function changeBeside(beside: PageBeside, change: ThreadChange): PageBeside {
  const said = sayer(change);
  return {
    comments: new Map(
      [...beside.comments].map(([id, one]) => [
        id,
        {
          ...one,
          posts: changePosts(one.posts, change),
          reactions: changeReactions(one.reactions, change),
          resolved: one.resolved && (said(one.resolved) as PlainEntry),
        },
      ]),
    ),
    decisions: Object.fromEntries(Object.entries(beside.decisions).map(([key, value]) => [key, said(value)])),
    answers: beside.answers.map((given) => given.map((one) => ({ ...one, member: change.member(one.member) }))),
    consultation: beside.consultation && (said(beside.consultation) as PlainEntry),
  };
}
