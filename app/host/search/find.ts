// Answers one question from an index: every word must be in the thing, the best first, in an order that is the same wherever the same is known. It changes nothing. One file, for it is one pass over the words.
import { pairsOf } from '../../../shared/model/search/fold.ts';
import { excerptOf, Highlighter, type Needle } from '../../../shared/model/search/highlight.ts';
import type { Term } from '../../../shared/model/search/query.ts';
import type { IndexEngine } from './index-engine.ts';
import { CLASSES, type Unit } from './piece-table.ts';
import type { Facts, Part } from './pieces.ts';
import { IN_STRONG, IN_TITLE, OFTEN } from './postings.ts';
import type { Answer, Hit, Passage, Question, Wanted, Within } from './question.ts';

/** Words that a beginning is taken for, and a slip. */
const MOST_ENDINGS = 4_000;
const MOST_SIMILAR = 24;
/** Letters from which on a word may have one slip, and two. */
const [ONE_SLIP, TWO_SLIPS] = [4, 8];
/** Things whose text is read to see whether words stand together. */
const MOST_READ = 400;
/** Pieces of one thing that are read for its passages, or to see whether words stand together. */
const PIECES_READ = 24;
const LONGEST_EXCERPT = 180;
const LONGEST_TITLE = 300;
const DAY = 86_400_000;
/** What is so much older counts half. */
const HALF_LIFE = 730 * DAY;
const OLDEST = 5;

/** For each run of a term the words that it may be, each with how much it is worth. */
type Group = readonly (readonly [id: number, worth: number])[];

interface Prepared {
  readonly term: Term;
  readonly groups: readonly Group[];
  readonly needles: readonly Needle[];
  /** That the words are there does not say that they stand together. */
  readonly verify: boolean;
  readonly similar: readonly string[];
}

interface Weighed {
  readonly pieces: number[];
  readonly worth: Float64Array;
}

interface Candidate {
  readonly unit: Unit;
  readonly number: number;
  readonly score: number;
  readonly facts: Facts;
  readonly flags: number;
  readonly at: number;
}

export function findIn(index: IndexEngine, question: Question): Answer {
  const wanted = question.terms.filter(({ not }) => !not);
  const first = new Finding(index, question, false).answer();
  if (first.total > 0 || wanted.every(({ exact }) => exact)) return first;
  // Every word is somewhere, and nothing has them all: perhaps one of them was meant to be another.
  return new Finding(index, question, true).answer();
}

class Finding {
  readonly #index: IndexEngine;
  readonly #question: Question;
  readonly #forgiving: boolean;
  readonly #highlighter: Highlighter;
  /** By piece: whether it may be looked at, and which terms are in it. */
  readonly #passes: Uint8Array;
  readonly #terms: Int32Array;
  readonly #lately: ReadonlyMap<string, number>;
  readonly #within: readonly InPlace[] | null;
  readonly #notWithin: readonly InPlace[];

  constructor(index: IndexEngine, question: Question, forgiving: boolean) {
    this.#index = index;
    this.#question = question;
    this.#forgiving = forgiving;
    this.#highlighter = new Highlighter(index.folder);
    this.#lately = new Map(question.lately);
    this.#within = question.within && question.within.map(inPlace);
    this.#notWithin = question.notWithin.map(inPlace);
    this.#terms = new Int32Array(index.table.count);
    this.#passes = this.#passing();
  }

  answer(): Answer {
    const { terms, most, skip, types } = this.#question;
    const prepared = terms.filter(({ not }) => !not).map((term) => this.#prepare(term));
    const scores = this.#scored(prepared);
    for (const term of terms) if (term.not) this.#without(term, scores);
    const candidates = this.#candidates(scores, prepared);
    const kinds: Partial<Record<Facts['kind'], number>> = {};
    for (const { facts } of candidates) kinds[facts.kind] = (kinds[facts.kind] ?? 0) + 1;
    const listed = candidates.filter((one) => types === null || this.#isWanted(one, types));
    const verify = prepared.flatMap((one, at) => (one.verify ? [[one, at] as const] : []));
    const needles = prepared.flatMap((one) => one.needles);
    const ofNeedle = prepared.flatMap((one, at) => one.needles.map(() => at));
    const hits: Hit[] = [];
    let seen = 0;
    let read = 0;
    let at = 0;
    let missed = 0;
    for (; at < listed.length && hits.length < most; at += 1) {
      const candidate = listed[at];
      if (!candidate) break;
      if (verify.length > 0) {
        if (read >= MOST_READ) break;
        read += 1;
        if (!verify.every(([one, term]) => this.#standsTogether(candidate.unit, one, term))) {
          missed += 1;
          continue;
        }
      }
      seen += 1;
      if (seen > skip) hits.push(this.#hit(candidate, needles, ofNeedle));
    }
    // What was not read is counted by its words.
    for (; verify.length > 0 && at < listed.length && read < MOST_READ; at += 1, read += 1) {
      const unit = listed[at]?.unit;
      if (unit && !verify.every(([one, term]) => this.#standsTogether(unit, one, term))) missed += 1;
    }
    return {
      hits,
      total: listed.length - missed,
      exact: verify.length === 0 || at >= listed.length,
      kinds,
      similar: [...new Set(prepared.flatMap(({ similar }) => similar))],
      rooms: this.#index.table.rooms,
    };
  }

  /** The pieces that a place, author, class or time lets pass. */
  #passing(): Uint8Array {
    const { table } = this.#index;
    const { workspace, spaces, by, notBy, types, notTypes, after, before } = this.#question;
    const allowed = new Uint8Array(table.spaces);
    for (const space of spaces) {
      const number = table.space(`${workspace}/${space}`);
      if (number !== null) allowed[number] = 1;
    }
    const authors = by && new Set(by.flatMap((id) => table.member(id) ?? []));
    const others = new Set(notBy.flatMap((id) => table.member(id) ?? []));
    const classes = onlyClasses(types);
    const notClasses = new Set((notTypes?.classes ?? []).map((one) => CLASSES.indexOf(one)));
    const passes = new Uint8Array(table.count);
    for (const unit of table.units) {
      if (!allowed[unit.space]) continue;
      for (const piece of unit.pieces) {
        if (authors && !authors.has(table.by(piece))) continue;
        if (others.has(table.by(piece))) continue;
        const kind = table.class(piece);
        if ((classes && !classes.has(kind)) || notClasses.has(kind)) continue;
        if (after !== null || before !== null) {
          const late = kind === 0 ? (this.#lately.get(unit.key) ?? 0) : 0;
          if (after !== null && Math.max(table.to(piece), late) < after) continue;
          if (before !== null && table.from(piece) >= before) continue;
        }
        passes[piece] = 1;
      }
    }
    return passes;
  }

  #prepare(term: Term): Prepared {
    const similar: string[] = [];
    const needles: Needle[] = [];
    const isAlone = term.runs.length === 1;
    const groups = term.runs.flatMap(({ text, unspaced }, at): Group[] => {
      if (unspaced) return pairsOf(text).map((pair) => this.#only(pair));
      const mayGoOn = term.prefix && at === term.runs.length - 1;
      const found = this.#words(text, mayGoOn);
      const isMissing = found.length === 0 || this.#forgiving;
      if (!isMissing || term.exact || !isAlone) return [found];
      const others = this.#slips(text, mayGoOn);
      for (const [id] of others) {
        const word = this.#index.postings.word(id);
        if (!mayGoOn || similar.length < MOST_SIMILAR) similar.push(word);
        needles.push({ runs: [{ text: word, unspaced: false }], prefix: mayGoOn });
      }
      return [[...found, ...others]];
    });
    needles.unshift({ runs: term.runs, prefix: term.prefix });
    const [only] = term.runs;
    const verify = !isAlone || (only?.unspaced === true && [...only.text].length > 2);
    return { term, groups, needles, verify, similar };
  }

  #only(word: string): Group {
    const id = this.#index.postings.id(word);
    return id === null ? [] : [[id, 1]];
  }

  #words(word: string, mayGoOn: boolean): Group {
    const { postings } = this.#index;
    const whole = this.#only(word);
    if (!mayGoOn) return whole;
    const longer = postings
      .beginning(word, MOST_ENDINGS)
      .map((id) => [id, 0.4 + (0.5 * word.length) / postings.word(id).length] as const);
    return [...whole, ...longer];
  }

  #slips(word: string, mayGoOn: boolean): Group {
    const slips = word.length >= TWO_SLIPS ? 2 : word.length >= ONE_SLIP ? 1 : 0;
    if (slips === 0) return [];
    const found = this.#index.postings.similar(word, slips, mayGoOn, MOST_SIMILAR);
    return found.map(({ id, slips: apart }) => [id, 0.4 / apart] as const);
  }

  /** By thing that has every term, how well. Null where nothing is looked for. */
  #scored(prepared: readonly Prepared[]): Float64Array | null {
    if (prepared.length === 0) return null;
    const { table } = this.#index;
    const scores = new Float64Array(table.units.length);
    const matched = new Uint8Array(table.units.length);
    const best = new Float64Array(table.units.length);
    for (const [at, { groups }] of prepared.entries()) {
      const { pieces, worth } = this.#piecesWith(groups, this.#passes);
      const units: number[] = [];
      for (const piece of pieces) {
        const unit = table.unit(piece);
        this.#terms[piece] = (this.#terms[piece] ?? 0) | (1 << at);
        if (matched[unit] !== at) continue;
        if (best[unit] === 0) units.push(unit);
        best[unit] = Math.max(best[unit] ?? 0, worth[piece] ?? 0);
      }
      for (const unit of units) {
        matched[unit] = at + 1;
        scores[unit] = (scores[unit] ?? 0) + (best[unit] ?? 0);
        best[unit] = 0;
      }
    }
    for (let unit = 0; unit < scores.length; unit += 1) if (matched[unit] !== prepared.length) scores[unit] = 0;
    return scores;
  }

  /** Pieces in which each group has one of its words, each once, and by piece what that is worth. */
  #piecesWith(groups: readonly Group[], passes: Uint8Array | null): Weighed {
    const { postings, table } = this.#index;
    let found: Weighed | null = null;
    for (const group of groups) {
      const next: Weighed = { pieces: [], worth: new Float64Array(table.count) };
      const before: Weighed | null = found;
      for (const [id, worth] of group) {
        postings.each(id, (piece, weight) => {
          if (passes ? passes[piece] !== 1 : table.isDead(piece)) return;
          const sofar = before ? (before.worth[piece] ?? 0) : 0;
          if (before && sofar === 0) return;
          const score = sofar + (worth * weightOf(weight)) / groups.length;
          if (next.worth[piece] === 0) next.pieces.push(piece);
          next.worth[piece] = Math.max(next.worth[piece] ?? 0, score);
        });
      }
      found = next;
    }
    return found ?? { pieces: [], worth: new Float64Array(0) };
  }

  /** Takes away the things that hold a term which must not be there. */
  #without(term: Term, scores: Float64Array | null): void {
    const prepared = this.#prepare({ ...term, exact: true });
    const { pieces } = this.#piecesWith(prepared.groups, null);
    let read = 0;
    for (const piece of pieces) {
      if (prepared.verify && read < MOST_READ) {
        read += 1;
        if (!this.#holds(piece, prepared)) continue;
      }
      const unit = this.#index.table.unit(piece);
      if (scores) scores[unit] = 0;
      else this.#excluded.add(unit);
    }
  }
  readonly #excluded = new Set<number>();

  #candidates(scores: Float64Array | null, prepared: readonly Prepared[]): Candidate[] {
    const { table } = this.#index;
    const { now } = this.#question;
    const found: Candidate[] = [];
    for (const [number, unit] of table.units.entries()) {
      if (scores ? scores[number] === 0 : this.#excluded.has(number)) continue;
      if (!scores && !unit.pieces.some((piece) => this.#passes[piece] === 1)) continue;
      const said = table.factsOf(unit);
      if (!said || !this.#fits(unit, said)) continue;
      const at = Math.min(said.at, now + DAY);
      const together = prepared.length > 1 && this.#hasAll(unit, prepared.length) ? 1.3 : 1;
      const recent = 2 ** Math.max((at - now) / HALF_LIFE, -OLDEST);
      const score = scores ? ((scores[number] ?? 0) / prepared.length) * together * (0.5 + 0.5 * recent) : 0;
      found.push({ unit, number, score, ...said });
    }
    return found.sort((a, b) => b.score - a.score || b.at - a.at || (a.unit.key < b.unit.key ? -1 : 1));
  }

  #hasAll(unit: Unit, terms: number): boolean {
    const all = 2 ** terms - 1;
    return unit.pieces.some((piece) => this.#terms[piece] === all);
  }

  #fits({ key }: Unit, { facts, flags }: { readonly facts: Facts; readonly flags: number }): boolean {
    const { tags, notTags, flags: wanted, notFlags, notTypes } = this.#question;
    if ((flags & wanted) !== wanted || (flags & notFlags) !== 0) return false;
    if (!tags.every((tag) => facts.tags.includes(tag)) || notTags.some((tag) => facts.tags.includes(tag))) return false;
    if (notTypes && isKind(facts, notTypes)) return false;
    const space = key.split('/', 2)[1] ?? '';
    if (this.#within && !this.#within.some((isIn) => isIn(space, facts))) return false;
    return !this.#notWithin.some((isIn) => isIn(space, facts));
  }

  /** By its own kind, or since the words stand in a comment or post of it. */
  #isWanted({ unit, facts }: Candidate, types: Wanted): boolean {
    if (isKind(facts, types)) return true;
    return (
      types.classes.length > 0 &&
      unit.pieces.some((piece) => {
        if (this.#passes[piece] !== 1 || !types.classes.includes(CLASSES[this.#index.table.class(piece)] ?? 'text'))
          return false;
        return this.#question.terms.every(({ not }) => not) || this.#terms[piece] !== 0;
      })
    );
  }

  #standsTogether(unit: Unit, prepared: Prepared, term: number): boolean {
    const pieces = unit.pieces.filter((piece) => ((this.#terms[piece] ?? 0) & (1 << term)) !== 0);
    return pieces.slice(0, PIECES_READ).some((piece) => this.#holds(piece, prepared));
  }

  #holds(piece: number, { needles }: Prepared): boolean {
    const [needle] = needles;
    if (!needle) return false;
    return this.#index
      .piece(piece)
      .parts.some(({ text }) => this.#highlighter.holds(this.#index.folder.fold(text), needle));
  }

  #hit({ unit, facts, flags, at }: Candidate, needles: readonly Needle[], ofNeedle: readonly number[]): Hit {
    return {
      unit: unit.key,
      facts,
      flags,
      at,
      title: excerptOf(this.#highlighter.find(facts.title, needles), LONGEST_TITLE),
      passages: this.#passages(unit, needles, ofNeedle),
    };
  }

  #passages(unit: Unit, needles: readonly Needle[], ofNeedle: readonly number[]): readonly Passage[] {
    const { table } = this.#index;
    const { passages: most, types, by } = this.#question;
    // Without words: what somebody wrote, or what comments there are.
    const asksForPosts = by !== null || (types?.classes.length ?? 0) > 0;
    if (needles.length === 0 && !asksForPosts) return [];
    const pieces = unit.pieces.filter((piece) => {
      if (this.#passes[piece] !== 1) return false;
      return needles.length > 0 ? this.#terms[piece] !== 0 : table.class(piece) !== 0 && table.class(piece) !== 3;
    });
    pieces.sort((a, b) => bits(this.#terms[b] ?? 0) - bits(this.#terms[a] ?? 0) || table.to(b) - table.to(a) || a - b);
    const found: (Passage & { readonly terms: number; readonly strong: boolean })[] = [];
    for (const number of pieces.slice(0, PIECES_READ)) {
      const { class: kind, by: author, parts } = this.#index.piece(number);
      for (const part of parts) {
        if (part.weight === 'title' || !this.#isInTime(part)) continue;
        const place = this.#highlighter.find(part.text, needles);
        if (needles.length > 0 && place.ranges.length === 0) continue;
        const terms = new Set([...place.needles].map((needle) => ofNeedle[needle])).size;
        const passage = {
          place: part.place,
          class: kind,
          by: author,
          at: part.at,
          terms,
          strong: part.weight === 'strong',
        };
        const last = found[most - 1];
        if (last && !isBetter(passage, last)) continue;
        found.push({ ...passage, excerpt: excerptOf(place, LONGEST_EXCERPT) });
        found.sort((a, b) => (isBetter(a, b) ? -1 : isBetter(b, a) ? 1 : 0));
        if (found.length > most) found.pop();
      }
    }
    return found.map(({ place, class: kind, by: author, at, excerpt }) => ({
      place,
      class: kind,
      by: author,
      at,
      excerpt,
    }));
  }

  #isInTime({ at }: Part): boolean {
    const { after, before } = this.#question;
    return at === 0 || ((after === null || at >= after) && (before === null || at < before));
  }
}

type Ranked = { readonly terms: number; readonly strong: boolean; readonly at: number };

function isBetter(a: Ranked, b: Ranked): boolean {
  if (a.terms !== b.terms) return a.terms > b.terms;
  if (a.strong !== b.strong) return a.strong;
  return a.at > b.at;
}

/** By how often a word stands there. */
const OFTENER = Array.from({ length: OFTEN + 1 }, (_, often) => 1 + 0.4 * Math.log2(Math.max(often, 1)));

function weightOf(weight: number): number {
  const words = OFTENER[weight & OFTEN] ?? 1;
  if ((weight & IN_TITLE) !== 0) return 10 + words;
  return (weight & IN_STRONG) !== 0 ? 3 + words : words;
}

/** Where comments or posts alone are asked for, nothing else is looked at. */
function onlyClasses(types: Wanted | null): ReadonlySet<number> | null {
  if (!types || types.classes.length === 0 || types.kinds.length > 0 || types.threads.length > 0) return null;
  return new Set(types.classes.map((one) => CLASSES.indexOf(one)));
}

function isKind({ kind, thread }: Facts, types: Wanted): boolean {
  return types.kinds.includes(kind) || (thread !== undefined && types.threads.includes(thread));
}

/** A place as it is asked of each thing. */
type InPlace = (space: string, facts: Facts) => boolean;

function inPlace(within: Within): InPlace {
  if ('space' in within) return (space) => within.space === space;
  const documents = new Set(within.documents);
  return (_, { document, place, kind }) => documents.has(document) || (kind === 'card' && documents.has(place));
}

function bits(value: number): number {
  let count = 0;
  for (let left = value; left !== 0; left &= left - 1) count += 1;
  return count;
}
