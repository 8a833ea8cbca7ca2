// Who knows about something: profiles and the words of documents, each hit with its reasons. It reads few documents: signatures say which.
import type * as Y from 'yjs';
import { wordTokens, foldWords } from '../../../shared/model/links/words.ts';
import type { DocEntry } from '../../contract/entities.ts';
import type { Knowing, Reason } from '../../contract/people.ts';
import { Breath } from '../breath.ts';
import { lookFor, mayHold } from '../links/word-signature.ts';
import type { People } from './people.ts';
import { readWorks, tokensOf, type Work } from './works.ts';

export interface KnowsQuestion {
  readonly workspace: string;
  readonly words: string;
  /** Members who may be named: those whose profile is readable here. */
  readonly members: Iterable<string>;
  /** The document of a room where it may be shown: listed, not put away, in a space that is readable; else null. */
  readonly shown: (room: string) => DocEntry | null;
}

interface Parts {
  readonly people: Pick<People, 'profile' | 'works'>;
  readonly documents: { readStored<T>(room: string, look: (doc: Y.Doc) => T): Promise<T> };
}

export interface KnowsAnswer {
  readonly asked: readonly string[];
  readonly people: readonly Knowing[];
  readonly complete: boolean;
}

/** Words around what is asked. */
const AROUND = new Set(
  'who whom knows know about the a an of in on at for to and or how with is are do does can what'.split(' '),
);
/** Documents that are read for one question. */
const MOST_READ = 150;
const MOST_PEOPLE = 100;
const MOST_REASONS = 8;
/** The kinds of reasons by how much they say. */
const ORDER = ['accepted', 'skill', 'answer', 'page', 'project', 'post', 'comment', 'role', 'interest'] as const;

interface Found {
  /** How many of the words the best reason holds. */
  matched: number;
  readonly reasons: { readonly reason: Reason; readonly at: number }[];
}

/** The words that are looked for; none: nothing was asked. */
export function askedTokens(words: string): readonly string[] {
  const plain = [...wordTokens(foldWords(words).text)].filter((token) => !AROUND.has(token));
  return [...tokensOf(plain.join(' '))];
}

export async function findKnowing(parts: Parts, question: KnowsQuestion): Promise<KnowsAnswer> {
  const asked = askedTokens(question.words);
  if (asked.length === 0) return { asked, people: [], complete: true };
  const found = new Map<string, Found>();
  const add = (member: string, matched: number, reason: Reason, at: number): void => {
    const known = found.get(member) ?? { matched: 0, reasons: [] };
    known.matched = Math.max(known.matched, matched);
    known.reasons.push({ reason, at });
    found.set(member, known);
  };
  const members = new Set(question.members);
  for (const member of members) addProfile(parts.people, question.workspace, member, asked, add);
  const complete = await addWorks(parts, question, asked, members, add);
  const people = [...found].sort(([a, one], [b, other]) => compareFound(one, other) || (a < b ? -1 : 1));
  return {
    asked,
    complete: complete && people.length <= MOST_PEOPLE,
    people: people.slice(0, MOST_PEOPLE).map(([member, { reasons }]) => {
      reasons.sort((a, b) => rank(a.reason) - rank(b.reason) || b.at - a.at);
      return {
        member,
        reasons: reasons.slice(0, MOST_REASONS).map(({ reason }) => reason),
        more: Math.max(0, reasons.length - MOST_REASONS),
      };
    }),
  };
}

function rank({ kind }: Reason): number {
  return ORDER.indexOf(kind);
}

/** How closely it matches, never how much somebody wrote: the words that are held, then the best kind of reason. */
function compareFound(a: Found, b: Found): number {
  const best = ({ reasons }: Found): number => Math.min(...reasons.map(({ reason }) => rank(reason)));
  return b.matched - a.matched || best(a) - best(b);
}

type Add = (member: string, matched: number, reason: Reason, at: number) => void;

function addProfile(people: Parts['people'], workspace: string, member: string, asked: readonly string[], add: Add) {
  const profile = people.profile(workspace, member);
  if (!profile) return;
  const said = [
    ...profile.skills.map((words) => ({ kind: 'skill' as const, words })),
    ...profile.projects.map((words) => ({ kind: 'project' as const, words })),
    ...profile.interests.map((words) => ({ kind: 'interest' as const, words })),
    ...(profile.role === '' ? [] : [{ kind: 'role' as const, words: profile.role }]),
  ];
  for (const one of said) {
    const tokens = [...tokensOf(one.words)];
    const matched = asked.filter((token) => tokens.some((other) => isBegun(token, other))).length;
    if (matched > 0) add(member, matched, one, 0);
  }
}

/** What is typed finds what begins with it: the search runs while it is typed. */
function isBegun(token: string, other: string): boolean {
  return other === token || (token.length > 2 && other.startsWith(token));
}

/** Whether everything that may hold the words was looked into. */
async function addWorks(
  { people, documents }: Parts,
  { workspace, shown }: KnowsQuestion,
  asked: readonly string[],
  members: ReadonlySet<string>,
  add: Add,
): Promise<boolean> {
  const wanted = asked.map((token) => lookFor(token)).flat();
  const candidates: DocEntry[] = [];
  for (const [room, works] of people.works(workspace)) {
    if (!works.some(({ member, signature }) => members.has(member) && mayHold(signature, wanted))) continue;
    const entry = shown(room);
    if (entry) candidates.push(entry);
  }
  candidates.sort((a, b) => b.changedAt - a.changedAt || (a.id < b.id ? -1 : 1));
  const breath = new Breath();
  for (const { id, room, space, title, changedAt } of candidates.slice(0, MOST_READ)) {
    // A damaged document is told of where documents are opened.
    const works: readonly Work[] = (await documents.readStored(room, readWorks).catch(() => null)) ?? [];
    for (const { member, kind, tokens, post } of works) {
      if (!members.has(member) || !asked.every((token) => tokens.has(token))) continue;
      add(member, asked.length, { kind, document: id, space, title, post }, changedAt);
    }
    if (breath.isDue) await breath.take();
  }
  return candidates.length <= MOST_READ;
}
