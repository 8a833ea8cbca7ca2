// What can happen to hosts and a relay, as data that fast-check makes and shrinks. Playing it is the world's business.
import fc from 'fast-check';

/** The documents of every scenario, and what they are. */
export const DOCUMENTS = [
  { room: 'team/one/page', kind: 'page' },
  { room: 'team/one/board', kind: 'board' },
  { room: 'team/two/thread', kind: 'thread' },
  { room: 'team/two/other-page', kind: 'page' },
] as const;

export const WORKSPACE = 'team';

interface Killing {
  readonly host: number;
  readonly document: number;
  readonly what: number;
  readonly after: number;
}

export type Step =
  /** Somebody types, splits, moves, removes: `what` is a seed of its own. */
  | { readonly kind: 'edit'; readonly host: number; readonly document: number; readonly what: number }
  | { readonly kind: 'undo' | 'redo'; readonly host: number; readonly document: number }
  /** Links by number: the first `hosts` of them go to the relay. */
  | { readonly kind: 'cut' | 'connect' | 'pause' | 'resume'; readonly link: number }
  | { readonly kind: 'deliver'; readonly link: number; readonly count: number }
  /** Somebody types at a host, and `after` turns later, in the midst of what follows, a program ends without a word and starts again: */
  | ({ readonly kind: 'kill'; readonly windows: 'live' | 'end' } & Killing)
  | ({ readonly kind: 'kill-relay' } & Killing)
  /** An earlier update comes again, or before what it builds on, to any of them. */
  | { readonly kind: 'repeat'; readonly to: number; readonly which: number }
  /** Time passes with everything that is due: merging of stored updates, unloading of rooms. */
  | { readonly kind: 'compact' }
  | { readonly kind: 'turns'; readonly count: number };

export interface Scenario {
  /** What random ids come from. */
  readonly ids: number;
  readonly hosts: number;
  readonly store: 'memory' | 'level';
  /** Links between two hosts, beside those to the relay: the first dials. */
  readonly direct: readonly (readonly [from: number, to: number])[];
  /** Who undoes: two people who bring one text back apart get it twice, so that others count in scenarios of one. */
  readonly undo: 'nobody' | 'one' | 'all';
  /** Nobody can be reached before a step connects a link. */
  readonly apart?: boolean;
  /** Whether hosts that are linked to each other know of the relays that they have in common, as peers do. */
  readonly peers?: boolean;
  readonly steps: readonly Step[];
}

const HOST = 7;

/** Records that print plainly. */
function record<T>(model: { [Key in keyof T]: fc.Arbitrary<T[Key]> }): fc.Arbitrary<T> {
  return fc.record<T>(model, { noNullPrototype: true });
}

const number = (most: number): fc.Arbitrary<number> => fc.nat({ max: most });

const typing = { host: number(HOST), document: number(DOCUMENTS.length - 1), what: fc.nat() };
const edit = record({ kind: fc.constant('edit' as const), ...typing });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: edit },
  {
    weight: 3,
    arbitrary: record({
      kind: fc.constantFrom('undo' as const, 'undo' as const, 'redo' as const),
      host: number(HOST),
      document: fc.constantFrom(0, 3),
    }),
  },
  {
    weight: 5,
    arbitrary: record({
      kind: fc.constantFrom('cut' as const, 'connect' as const, 'pause' as const, 'resume' as const),
      link: number(15),
    }),
  },
  {
    weight: 2,
    arbitrary: record({ kind: fc.constant('deliver' as const), link: number(15), count: fc.nat({ max: 6 }) }),
  },
  {
    weight: 2,
    arbitrary: record({
      kind: fc.constant('kill' as const),
      windows: fc.constantFrom('live' as const, 'live' as const, 'end' as const),
      ...typing,
      after: number(8),
    }),
  },
  { weight: 1, arbitrary: record({ kind: fc.constant('kill-relay' as const), ...typing, after: number(20) }) },
  { weight: 2, arbitrary: record({ kind: fc.constant('repeat' as const), to: number(HOST + 1), which: fc.nat() }) },
  { weight: 1, arbitrary: record({ kind: fc.constant('compact' as const) }) },
  { weight: 5, arbitrary: record({ kind: fc.constant('turns' as const), count: fc.integer({ min: 1, max: 30 }) }) },
);

function scenarioOn(store: Scenario['store'], mostHosts: number, mostSteps: number): fc.Arbitrary<Scenario> {
  return record({
    ids: fc.noShrink(fc.nat()),
    hosts: fc.integer({ min: 2, max: mostHosts }),
    store: fc.constant(store),
    direct: fc.array(fc.tuple(number(HOST), number(HOST)), { maxLength: 4 }),
    undo: fc.constantFrom('nobody' as const, 'one' as const, 'all' as const),
    apart: fc.constantFrom(false, false, false, true),
    steps: fc.array(step, { minLength: 10, maxLength: mostSteps, size: 'max' }),
  });
}

/** One in eight runs on LevelDB in folders, with fewer programs: each start there takes its time. */
export const scenario: fc.Arbitrary<Scenario> = fc.noBias(
  fc.oneof({ weight: 7, arbitrary: scenarioOn('memory', 8, 90) }, { weight: 1, arbitrary: scenarioOn('level', 3, 40) }),
);

/** Two hosts that are each other's peers, and a relay. */
export const peersScenario: fc.Arbitrary<Scenario> = fc.noBias(
  record({
    ids: fc.noShrink(fc.nat()),
    hosts: fc.constant(2),
    store: fc.constantFrom('memory' as const, 'memory' as const, 'memory' as const, 'level' as const),
    direct: fc.constantFrom([[0, 1] as const], [[1, 0] as const]),
    undo: fc.constantFrom('nobody' as const, 'one' as const),
    apart: fc.constantFrom(false, false, false, true),
    peers: fc.constant(true),
    steps: fc.array(step, { minLength: 30, maxLength: 120, size: 'max' }),
  }),
);
