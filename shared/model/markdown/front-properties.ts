// Properties of a page in its front matter: taken out where they can be said in a page, and printed again; the rest stays letter by letter.
import { isMap, isNode, isScalar, isSeq, parseDocument, stringify, type Pair } from 'yaml';
import { isDay } from '../properties/day.ts';
import { isMonths, LONGEST_STATUS, MOST_TAGS, REVIEW_MONTHS, type Properties } from '../properties/read.ts';
import { statusOf } from '../properties/status.ts';
import { shortLine, tagOf } from '../properties/tag.ts';
import { cutLines, YAML_LIMIT } from './front-matter.ts';

/** What front matter says of a page: all of it, in the form in which two of them can be compared. */
export type FrontProperties = Pick<Properties, 'owner' | 'tags' | 'status' | 'reviewBy' | 'reviewMonths' | 'template'>;

export const NO_FRONT_PROPERTIES: FrontProperties = Object.freeze({
  owner: null,
  tags: Object.freeze([]),
  status: '',
  reviewBy: null,
  reviewMonths: REVIEW_MONTHS,
  template: false,
});

type Taken = { -readonly [Key in keyof FrontProperties]?: FrontProperties[Key] };

/** Each gives what its value says, or null: then the line stays in the rest. */
const READERS: Readonly<Record<string, (value: unknown, memberOf: (name: string) => string | null) => Taken | null>> = {
  tags: (value) => {
    const words = typeof value === 'string' ? value.split(value.includes(',') ? ',' : /\s+/) : value;
    if (!Array.isArray(words) || words.length > MOST_TAGS) return null;
    const tags = new Map<string, string>();
    for (const word of words as unknown[]) {
      if (typeof word !== 'string' && typeof word !== 'number') return null;
      const written = String(word).trim();
      if (written === '') continue;
      const tag = tagOf(written);
      if (tag?.name !== written.replace(/^#+/, '').normalize('NFC') || tags.has(tag.key)) return null;
      tags.set(tag.key, tag.name);
    }
    return { tags: sortedTags([...tags.values()]) };
  },
  status: (value) => (isLine(value, LONGEST_STATUS) ? { status: statusOf(value) } : null),
  owner: (value, memberOf) => {
    const owner = typeof value === 'string' ? memberOf(value.trim()) : null;
    return owner === null ? null : { owner };
  },
  'review-by': (value) => (isDay(value) ? { reviewBy: value } : null),
  'review-months': (value) => (isMonths(value) ? { reviewMonths: value } : null),
  template: (value) => (value === true ? { template: true } : null),
};

/** `memberOf`: the one member of that name, or null where there is none or more than one. */
export function takeProperties(
  yaml: string,
  memberOf: (name: string) => string | null,
): { readonly properties: FrontProperties; readonly rest: string } {
  const taken: Taken = {};
  const rest = without(yaml, (key, value) => {
    const found = READERS[key]?.(value, memberOf) ?? null;
    if (found) Object.assign(taken, found);
    return found !== null;
  });
  return { properties: { ...NO_FRONT_PROPERTIES, ...taken }, rest };
}

/** Whole lines of YAML for what is said, and the rest without lines of the same names. `nameOf`: '' for an owner not known. */
export function printProperties(
  properties: FrontProperties,
  yaml: string,
  nameOf: (member: string) => string,
): { readonly lines: readonly string[]; readonly rest: string } {
  const { owner, tags, status, reviewBy, reviewMonths, template } = properties;
  const name = owner === null ? '' : nameOf(owner);
  const said: [string, unknown][] = [];
  if (name !== '') said.push(['owner', name]);
  if (tags.length > 0) said.push(['tags', tags]);
  if (status !== '') said.push(['status', status]);
  if (reviewBy !== null) said.push(['review-by', reviewBy]);
  if (reviewMonths !== REVIEW_MONTHS) said.push(['review-months', reviewMonths]);
  if (template) said.push(['template', true]);
  const names = new Set(said.map(([key]) => key));
  const lines = said.map(
    ([key, value]) =>
      `${key}: ${stringify(value, { collectionStyle: 'flow', lineWidth: 0, flowCollectionPadding: false }).trim()}`,
  );
  return { lines, rest: names.size === 0 ? yaml : without(yaml, (key) => names.has(key)) };
}

/** One text for what is said; '' for nothing, so that pages without properties are told apart as they always were. */
export function frontKey(properties: FrontProperties): string {
  const { owner, tags, status, reviewBy, reviewMonths, template } = properties;
  const key = JSON.stringify([owner, sortedTags(tags), status, reviewBy, reviewMonths, template]);
  return key === NOTHING ? '' : key;
}
const NOTHING = JSON.stringify([null, [], '', null, REVIEW_MONTHS, false]);

function sortedTags(tags: readonly string[]): string[] {
  return [...tags].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
}

function isLine(value: unknown, longest: number): value is string {
  return typeof value === 'string' && value.trim() !== '' && shortLine(value, longest) === value.trim();
}

/** The YAML without the top-level lines that `takes` says yes to; unchanged where it is no plain mapping. */
function without(yaml: string, takes: (key: string, value: unknown) => boolean): string {
  if (yaml.trim() === '' || yaml.length > YAML_LIMIT) return yaml;
  const document = parseDocument(`${yaml}\n`, { uniqueKeys: true, logLevel: 'silent' });
  if (document.errors.length > 0 || !isMap(document.contents) || document.contents.flow) return yaml;
  const cuts: [number, number][] = [];
  for (const pair of document.contents.items as Pair[]) {
    const { key, value } = pair;
    if (!isScalar(key) || !key.range || typeof key.value !== 'string') continue;
    const plain = plainValue(value);
    const end = isNode(value) && value.range ? value.range[1] : null;
    if (end !== null && takes(key.value, plain)) cuts.push([key.range[0], end]);
  }
  let rest = `${yaml}\n`;
  for (const [start, end] of cuts.reverse()) rest = cutLines(rest, start, end);
  return rest.replace(/\n$/, '');
}

/** A scalar's value or a list of them; undefined for anything else, and for what anchors or tags of YAML stand at. */
function plainValue(node: unknown): unknown {
  if (isScalar(node)) return node.anchor || node.tag ? undefined : node.value;
  if (!isSeq(node) || node.anchor || node.tag) return undefined;
  const values = node.items.map(plainValue);
  return values.includes(undefined) ? undefined : values;
}
