// Calls about bundles: changes in a file, written for somebody, looked at and taken in. The file itself is docs/bundles.md.
import { z } from 'zod';

const id = z.string().min(1).max(64);
const name = z.string().max(2_000);
const none = z.object({});
const count = z.number().int().min(0);
const passphrase = z.string().max(1_000);
const path = z.string().min(1).max(10_000);

export const bundleTarget = z.discriminatedUnion('kind', [
  /** A member, all that they may read or of one space. */
  z.object({ kind: z.literal('member'), member: id, space: id.optional() }),
  z.object({ kind: z.literal('space'), space: id }),
  /** Everything here, for whoever may read all of it. */
  z.object({ kind: z.literal('all') }),
]);
export type BundleTarget = z.infer<typeof bundleTarget>;

const person = z.object({ member: id, name });

export const bundlePlan = z.object({
  /** Whoever could open it, me with another computer of mine included. */
  people: z.array(person),
  /** Who was meant and may not read all of it. */
  without: z.array(person),
  computers: count,
  documents: count,
  /** Attachments of those that are on this computer. */
  files: count,
  fileBytes: count,
  /** Whether anything is known of what the others have: else it is all of it, whatever is asked for. */
  known: z.boolean(),
});
export type BundlePlan = z.infer<typeof bundlePlan>;

const written = z.object({
  name,
  /** Where it is, of one that was written to a path. */
  path: path.nullable(),
  size: count,
  documents: count,
  sittings: count,
  files: count,
  filesLeft: count,
  unreadable: count,
  people: z.array(person),
  without: z.array(person),
});
export type BundleWritten = z.infer<typeof written>;

export const bundleDocument = z.object({
  id,
  space: z.string().max(70),
  kind: z.enum(['page', 'board', 'thread']),
  title: name,
  /** `gap`: it builds on what is not here. */
  state: z.enum(['new', 'changed', 'same', 'gap', 'refused']),
  changes: count,
});
export type BundleDocument = z.infer<typeof bundleDocument>;

const look = z.object({
  workspace: id,
  title: name,
  writer: z.object({ device: id, deviceName: name, member: id, name }),
  /** By the writer's clock. */
  at: z.number(),
  to: bundleTarget,
  since: z.boolean(),
  size: count,
  /** Records of the membership log that are not here. */
  records: count,
  spaces: z.array(z.object({ id: z.string().max(70), name })),
  documents: z.array(bundleDocument),
  /** Documents beyond those that are named. */
  more: count,
  changes: count,
  /** Documents that no list shows (profiles, cards' details) and that something of is new. */
  other: count,
  /** Documents of spaces that may not be read here. */
  hidden: count,
  refused: count,
  /** Editing sessions that are not here. */
  sittings: count,
  files: count,
  fileBytes: count,
  filesHere: count,
});
export type BundleLook = z.infer<typeof look>;

const taken = z.object({
  documents: count,
  same: count,
  hidden: count,
  records: count,
  sittings: count,
  files: count,
  refused: z.array(z.object({ document: z.string().max(64), title: name, reason: name })),
  more: count,
});
export type BundleTaken = z.infer<typeof taken>;

export const bundleReport = z.object({
  written: written.nullable(),
  look: look.nullable(),
  taken: taken.nullable(),
});
export type BundleReport = z.infer<typeof bundleReport>;

export const BUNDLE_CALLS = {
  /** What a bundle for somebody would hold, and who could open it. */
  'bundle.plan': { params: z.object({ workspace: id, to: bundleTarget }), result: bundlePlan },
  /** Writes one: to a path, or (left out) for a window, which takes it with `bundle.take`. */
  'bundle.write': {
    params: z.object({
      workspace: id,
      to: bundleTarget,
      since: z.boolean(),
      files: z.boolean(),
      passphrase: passphrase.optional(),
      file: path.optional(),
    }),
    result: z.object({ job: id }),
  },
  /** A part of what was written for a window, from `start` on; empty at its end, and then it is there no more. */
  'bundle.take': {
    params: z.object({ job: id, start: count }),
    result: z.object({ base64: z.string() }),
  },
  /** A file that a window hands over, piece by piece; `bundle.drop` or a while without a call takes it away. */
  'bundle.begin': { params: none, result: z.object({ upload: id }) },
  'bundle.append': {
    params: z.object({ upload: id, base64: z.string().max(2 * 1024 * 1024) }),
    result: z.object({ size: count }),
  },
  'bundle.drop': { params: z.object({ upload: id }), result: none },
  /**
   * Looks at a bundle, and with `take` takes it in. Throws at once where it is none, is for somebody else, or asks for a passphrase
   * (`details.passphrase`). `workspace`: refused where it is of another.
   */
  'bundle.read': {
    params: z.object({
      workspace: id.optional(),
      upload: id.optional(),
      file: path.optional(),
      passphrase: passphrase.optional(),
      take: z.boolean(),
    }),
    result: z.object({ job: id }),
  },
  /** What a job about a bundle came to, once it has ended. */
  'bundle.report': { params: z.object({ job: id }), result: bundleReport },
} as const;
