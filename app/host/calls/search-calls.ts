// Calls about search. Only what can be read on this computer is answered, and only what lists show: the index is asked for no more.
import { asksNothing, parseQuery } from '../../../shared/model/search/query.ts';
import type { SearchHit, SearchResult, SearchTarget } from '../../contract/search.ts';
import type { CallHandlers, HostParts } from '../call-handlers.ts';
import { FLAGS, type PieceClass } from '../search/pieces.ts';
import type { Hit, Question } from '../search/question.ts';
import { resolve, type Known } from '../search/resolve.ts';
import type { Workspace } from '../workspace.ts';

/** Places of one thing that are shown. */
const PASSAGES = 3;

function knownIn(host: HostParts, workspace: Workspace, spaces: ReadonlySet<string>): Known {
  return {
    me: workspace.about.member,
    members: workspace.members().filter(({ id }) => spaces.has(`@${id}`) || id === workspace.about.member),
    spaces: workspace.spaces().filter(({ id }) => spaces.has(id)),
    documents: () => host.catalogue.list(workspace.id).filter(({ space }) => spaces.has(space)),
  };
}

/** The last sessions at pages, where it is asked when something was written: what is typed into a page bears no time of its own. */
function latelyIn(host: HostParts, workspace: string, { documents }: Known): Question['lately'] {
  return documents().flatMap(({ room, kind }) => {
    if (kind !== 'page') return [];
    const at = host.sittings.at(room).reduce((last, sitting) => Math.max(last, sitting.at), 0);
    return at > 0 && room.startsWith(`${workspace}/`) ? [[room, at] as const] : [];
  });
}

/** Null for what is not on this computer any more: the index hears of it a moment later. */
function toHit(host: HostParts, workspace: string, { unit, facts, flags, at, title, passages }: Hit): SearchHit | null {
  const space = unit.split('/', 2)[1] ?? '';
  const target = targetOf(host, workspace, space, facts);
  if (!target) return null;
  return {
    key: unit.slice(workspace.length + 1),
    kind: facts.kind,
    ...(facts.thread === undefined ? {} : { thread: facts.thread }),
    title: copyOf(title),
    space,
    open: facts.kind === 'file' ? within(target, facts.where ?? 'text', facts.place) : target,
    by: facts.by,
    at,
    archived: (flags & FLAGS.archived) !== 0,
    settled: settledOf(facts.kind, flags),
    size: facts.size === undefined || facts.size === 0 ? null : facts.size,
    passages: passages.map(({ excerpt, class: kind, place, by, at: written }) => ({
      ...copyOf(excerpt),
      kind,
      open: within(target, kind, place),
      by,
      at: written,
    })),
  };
}

/** The document that opens: of a card its board, also for a file that hangs on it. */
function targetOf(host: HostParts, workspace: string, space: string, facts: Hit['facts']): SearchTarget | null {
  const { kind, document, place } = facts;
  const start = { document, card: '', block: '', comment: '', post: '' };
  if (kind === 'person') return start;
  if (host.catalogue.entry(workspace, document)?.space === space)
    return kind === 'card' ? { ...start, card: place } : start;
  const board = host.catalogue.cardIn(workspace, space, document)?.parent ?? null;
  if (board === null || host.catalogue.entry(workspace, board)?.space !== space) return null;
  return { ...start, document: board, card: document };
}

/** A comment of a page is `<comment>/<post>`; one on a card, and a post of a thread, is the post alone. */
function within(target: SearchTarget, kind: PieceClass, place: string): SearchTarget {
  if (place === '') return target;
  if (kind === 'text') return { ...target, block: place };
  const [first = '', second = ''] = place.split('/');
  return second === '' ? { ...target, post: first } : { ...target, comment: first, post: second };
}

function settledOf(kind: Hit['facts']['kind'], flags: number): boolean | null {
  if (kind === 'card') return (flags & FLAGS.done) !== 0;
  if ((flags & (FLAGS.answered | FLAGS.unanswered)) !== 0) return (flags & FLAGS.answered) !== 0;
  return (flags & FLAGS.done) !== 0 ? true : null;
}

function copyOf({ text, marks }: Hit['title']): { text: string; marks: [number, number][] } {
  return { text, marks: marks.map(([from, to]) => [from, to]) };
}

export const searchCalls = {
  async 'search.find'(host, { workspace: id, query: typed, most = 20, skip = 0, wait = false }) {
    const workspace = host.workspaces.get(id);
    if (wait) await Promise.all([host.catalogue.settled(), host.search.settled()]);
    const now = host.clock.now();
    const query = parseQuery(typed, now);
    const spaces = host.search.spaces(id);
    const known = knownIn(host, workspace, spaces);
    const { question, problems, hopeless } = resolve(query, known);
    const result: SearchResult = {
      hits: [],
      total: 0,
      exact: true,
      kinds: {},
      similar: [],
      problems: [...problems],
      progress: { state: 'ready', read: 0, total: 0 },
    };
    if (asksNothing(query) || hopeless) {
      const { state, read, total } = await host.search.progress();
      return { ...result, progress: { state, read, total } };
    }
    const asksTime = question.after !== null || question.before !== null;
    const answer = await host.search.find({
      ...question,
      workspace: id,
      spaces: [...spaces],
      lately: asksTime ? latelyIn(host, id, known) : [],
      now,
      most,
      skip,
      passages: PASSAGES,
    });
    const hits = answer.hits.flatMap((hit) => toHit(host, id, hit) ?? []);
    return {
      ...result,
      hits,
      total: answer.total - (answer.hits.length - hits.length),
      exact: answer.exact,
      kinds: answer.kinds,
      similar: [...answer.similar],
      progress: host.search.progressWith(answer),
    };
  },
  async 'search.state'(host, { workspace }) {
    host.workspaces.get(workspace);
    return host.search.progress();
  },
  'search.rebuild'(host, { workspace }) {
    host.workspaces.get(workspace);
    const job = host.jobs.start('index', 'search', async (context) => {
      await host.search.rebuild(context);
      return null;
    });
    return Promise.resolve({ job });
  },
} satisfies Partial<CallHandlers>;
