// Makes of a query what the index is asked: names of spaces, pages and people become ids, as this computer knows them. What leads nowhere is said. Pure.
import { Folder } from '../../../shared/model/search/fold.ts';
import type { Filter, Problem, Query, QueryType } from '../../../shared/model/search/query.ts';
import { tagOf } from '../../../shared/model/properties/tag.ts';
import { THREAD_TYPES } from '../../../shared/model/thread/facts.ts';
import type { DocEntry } from '../../contract/entities.ts';
import { FLAGS, type UnitKind } from './pieces.ts';
import type { Question, Wanted, Within } from './question.ts';

/** What names can stand for: only what may be seen on this computer. */
export interface Known {
  readonly me: string;
  readonly members: readonly { readonly id: string; readonly name: string }[];
  readonly spaces: readonly { readonly id: string; readonly name: string }[];
  /** Asked only where a place is named: they are many. */
  readonly documents: () => readonly DocEntry[];
}

export interface Resolved {
  readonly question: Omit<Question, 'workspace' | 'spaces' | 'lately' | 'now' | 'most' | 'skip' | 'passages'>;
  readonly problems: readonly Problem[];
  /** A condition can hold for nothing. */
  readonly hopeless: boolean;
}

const KINDS: Readonly<Partial<Record<QueryType, UnitKind>>> = {
  page: 'page',
  board: 'board',
  card: 'card',
  thread: 'thread',
  person: 'person',
  file: 'file',
};
const STATES = {
  unanswered: FLAGS.unanswered,
  answered: FLAGS.answered,
  open: FLAGS.open,
  done: FLAGS.done,
  archived: FLAGS.archived,
} as const;

export function resolve(query: Query, known: Known): Resolved {
  const folder = new Folder();
  const problems = [...query.problems];
  const [types, notTypes] = [noTypes(), noTypes()];
  const by: string[] = [];
  const notBy: string[] = [];
  const within: Within[] = [];
  const notWithin: Within[] = [];
  const tags: string[] = [];
  const notTags: string[] = [];
  let [flags, notFlags] = [0, 0];
  let [after, before]: [number | null, number | null] = [null, null];
  let hopeless = false;
  const nowhere = (filter: Filter, message: string): void => {
    problems.push({ from: filter.from, to: filter.to, message });
    if (!filter.not) hopeless = true;
  };
  for (const filter of query.filters) {
    switch (filter.op) {
      case 'type':
        addType(filter.not ? notTypes : types, filter.value);
        break;
      case 'by': {
        const found = peopleOf(filter.value, known, folder);
        if (found.length === 0) nowhere(filter, `Nobody here is called “${filter.value}”.`);
        (filter.not ? notBy : by).push(...found);
        break;
      }
      case 'in': {
        const found = placesOf(filter.value, known, folder);
        if (found.length === 0) nowhere(filter, `No space and no page here is called “${filter.value}”.`);
        (filter.not ? notWithin : within).push(...found);
        break;
      }
      case 'tag': {
        const tag = tagOf(filter.value);
        if (tag) (filter.not ? notTags : tags).push(tag.key);
        else nowhere(filter, `“${filter.value}” is no tag.`);
        break;
      }
      case 'has':
        if (filter.not) notFlags |= FLAGS.file;
        else flags |= FLAGS.file;
        break;
      case 'is':
        if (filter.not) notFlags |= STATES[filter.value];
        else flags |= STATES[filter.value];
        break;
      case 'after':
      case 'before':
        // What is not before a day is on it or after it.
        if ((filter.op === 'after') !== filter.not) after = Math.max(after ?? 0, filter.value);
        else before = Math.min(before ?? Infinity, filter.value);
    }
  }
  // What was put away is found by whoever says so.
  if ((flags & FLAGS.archived) === 0) notFlags |= FLAGS.archived;
  const anyOf = (wanted: Wanted): Wanted | null =>
    wanted.kinds.length + wanted.threads.length + wanted.classes.length > 0 ? wanted : null;
  const has = (op: Filter['op']): boolean => query.filters.some((filter) => filter.op === op && !filter.not);
  return {
    question: {
      terms: query.terms,
      types: anyOf(types),
      notTypes: anyOf(notTypes),
      by: has('by') ? by : null,
      notBy,
      within: has('in') ? within : null,
      notWithin,
      tags,
      notTags,
      flags,
      notFlags,
      after,
      before,
    },
    problems,
    hopeless,
  };
}

type Types = {
  readonly kinds: UnitKind[];
  readonly threads: Wanted['threads'][number][];
  readonly classes: Wanted['classes'][number][];
};

function noTypes(): Types {
  return { kinds: [], threads: [], classes: [] };
}

function addType(types: Types, value: QueryType): void {
  const kind = KINDS[value];
  const thread = THREAD_TYPES.find((type) => type === value);
  if (kind) types.kinds.push(kind);
  else if (thread) types.threads.push(thread);
  else if (value === 'comment' || value === 'post') types.classes.push(value);
}

/** By the whole name, else by the beginning of one of its words. */
function peopleOf(value: string, { me, members }: Known, folder: Folder): readonly string[] {
  const wanted = folder.fold(value.replace(/^@/, ''));
  if (wanted === 'me') return [me];
  return named(wanted, members, folder, (member) => member.name).map(({ id }) => id);
}

/** A space by its name; else pages of that title with what is below them. */
function placesOf(value: string, { spaces, ...known }: Known, folder: Folder): readonly Within[] {
  const documents = known.documents();
  const wanted = folder.fold(value);
  const found = named(wanted, spaces, folder, (space) => space.name);
  const whole = found.filter(({ name }) => folder.fold(name) === wanted);
  const tops = documents.filter(({ title, kind }) => kind !== 'thread' && folder.fold(title) === wanted);
  if (whole.length === 0 && tops.length > 0) return [{ documents: below(tops, documents) }];
  if (found.length > 0) return found.map(({ id }) => ({ space: id }));
  const titled = named(wanted, documents, folder, (entry) => entry.title);
  return titled.length > 0 ? [{ documents: below(titled, documents) }] : [];
}

function below(tops: readonly DocEntry[], documents: readonly DocEntry[]): readonly string[] {
  const children = new Map<string, string[]>();
  for (const { id, parent } of documents) {
    if (parent === null) continue;
    const known = children.get(parent);
    if (known) known.push(id);
    else children.set(parent, [id]);
  }
  const found = new Set<string>();
  const open = tops.map(({ id }) => id);
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    open.push(...(children.get(id) ?? []));
  }
  return [...found];
}

function named<T>(wanted: string, things: readonly T[], folder: Folder, nameOf: (thing: T) => string): readonly T[] {
  if (wanted.trim() === '') return [];
  const folded = things.map((thing) => [thing, folder.fold(nameOf(thing))] as const);
  const whole = folded.filter(([, name]) => name === wanted);
  const begun = whole.length > 0 ? whole : folded.filter(([, name]) => name.startsWith(wanted));
  const inside = begun.length > 0 ? begun : folded.filter(([, name]) => name.includes(` ${wanted}`));
  return inside.map(([thing]) => thing);
}
