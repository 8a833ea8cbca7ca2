// Calls that make documents out of documents: a copy of a page or a board, with what stands below it or without, and a new page out of a template.
import type * as Y from 'yjs';
import { AppError } from '../../../shared/base/app-error.ts';
import { randomId } from '../../../shared/base/random-id.ts';
import { createDocument, renameDocument } from '../../../shared/model/document/commands.ts';
import { bodyOf, metaOf } from '../../../shared/model/document/roots.ts';
import { readTitle } from '../../../shared/model/document/title.ts';
import { buildTree, subtree } from '../../../shared/model/document/tree.ts';
import { copyBody, type CopiedPiece, type CopyChange } from '../../../shared/model/page/copy.ts';
import { BUILT_IN_TEMPLATES, type BuiltInTemplate } from '../../../shared/model/page/built-in-templates.ts';
import { setConsultation } from '../../../shared/model/page/consultation.ts';
import { writeBlocks } from '../../../shared/model/page/write.ts';
import { setStatus, writeProperties } from '../../../shared/model/properties/commands.ts';
import { dayAt } from '../../../shared/model/properties/day.ts';
import { readProperties, type Properties } from '../../../shared/model/properties/read.ts';
import { fillTemplate } from '../../../shared/model/properties/template.ts';
import type { DocEntry } from '../../contract/entities.ts';
import type { CallHandlers, HostParts } from '../call-handlers.ts';
import { copiesOf, copyBoardTo, type NewPlace } from '../copy-board.ts';
import { readFrontMatter } from '../import-markdown/import-actions.ts';
import { leadingToCopies, type CopyOf } from '../leading-to-copies.ts';
import { found, parentIn, place } from './document-calls.ts';
import { knownSpace } from './space-calls.ts';

interface Copied {
  readonly title: string;
  readonly properties: Properties;
  readonly frontMatter: string;
  readonly body: CopiedPiece[];
}

function readPage(host: HostParts, room: string, change: CopyChange): Promise<Copied> {
  return host.documents.read(room, (doc) => ({
    title: readTitle(doc),
    properties: readProperties(doc),
    frontMatter: readFrontMatter(doc),
    body: copyBody(bodyOf(doc), change),
  }));
}

/** One transaction: the page is there whole, or not at all. Comments, history, lock and source stay with the original. */
async function writePage(host: HostParts, workspace: string, at: NewPlace, copied: Copied): Promise<void> {
  const { member } = host.workspaces.get(workspace).about;
  const createdAt = host.clock.now();
  await host.documents.edit(at.room, (doc: Y.Doc) =>
    doc.transact(() => {
      const { title, properties, frontMatter, body } = copied;
      const { parent, order } = at;
      createDocument(doc, { kind: 'page', title, createdBy: member, createdAt, parent, order });
      writeProperties(doc, properties);
      if (frontMatter !== '') metaOf(doc).set('frontMatter', frontMatter);
      if (body.length > 0) bodyOf(doc).applyDelta(body);
    }),
  );
  await host.catalogue.refresh(at.room);
}

/** The same for a page that comes with the program. Its comments are asked for until the end of a day by this computer's calendar. */
async function writeBuiltIn(
  host: HostParts,
  at: NewPlace,
  { title, blocks, commentDays }: BuiltInTemplate,
  member: string,
): Promise<void> {
  const now = host.clock.now();
  await host.documents.edit(at.room, (doc: Y.Doc) =>
    doc.transact(() => {
      createDocument(doc, {
        kind: 'page',
        title,
        createdBy: member,
        createdAt: now,
        parent: at.parent,
        order: at.order,
      });
      writeBlocks(bodyOf(doc), blocks);
      if (commentDays === undefined) return;
      setStatus(doc, 'draft');
      setConsultation(doc, endOfDay(now, commentDays), { by: member, at: now });
    }),
  );
  await host.catalogue.refresh(at.room);
}

function endOfDay(now: number, after: number): number {
  const day = new Date(now);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + after + 1).getTime() - 1;
}

const COPIED = new Set(['page', 'board']);

function mustBeCopied(entry: DocEntry): void {
  if (COPIED.has(entry.kind)) return;
  throw new AppError('bad-input', 'Pages and boards can be copied, and this is neither. Nothing was changed.');
}

export const copyCalls = {
  async 'doc.duplicate'(host, { workspace, document, below }) {
    const entry = found(host, { workspace, document });
    mustBeCopied(entry);
    const tree = buildTree(
      host.catalogue.list(workspace, entry.space).filter((one) => COPIED.has(one.kind) && !one.archived),
    );
    const originals = below ? subtree(tree, entry) : [entry];
    const copies = new Map<string, CopyOf>();
    for (const one of originals) for (const [id, copy] of await copiesOf(host, one)) copies.set(id, copy);
    const copyId = (id: string | null): string | null => copies.get(id ?? '')?.document ?? null;
    const roomOf = (id: string): string => `${workspace}/${entry.space}/${id}`;
    const order = await place(host, workspace, entry.space, { parent: entry.parent, after: entry.id });
    const name = `${entry.title || 'Untitled'} (copy)`;
    // Should the program end in between, the copy says itself that it is not whole.
    const unfinished = originals.length > 1 ? ', unfinished' : '';
    const begun = unfinished === '' ? name : name.replace(/\)$/, `${unfinished})`);
    for (const one of originals) {
      const isTop = one.id === entry.id;
      const at = {
        room: roomOf(copyId(one.id) ?? ''),
        parent: isTop ? entry.parent : copyId(one.parent),
        order: isTop ? order : one.order,
      };
      if (one.kind === 'board') await copyBoardTo(host, one, copies, { title: isTop ? begun : one.title }, at);
      else {
        const copied = await readPage(host, one.room, leadingToCopies(copies, one.id));
        await writePage(host, workspace, at, isTop ? { ...copied, title: begun } : copied);
      }
    }
    const copy = copyId(entry.id) ?? '';
    if (unfinished !== '') {
      await host.documents.edit(roomOf(copy), (doc) => renameDocument(doc, name));
      await host.catalogue.refresh(roomOf(copy));
    }
    return found(host, { workspace, document: copy });
  },
  async 'doc.fromTemplate'(host, { workspace: id, space, template, title, parent, after }) {
    const workspace = knownSpace(host, id, space);
    parentIn(host, id, space, parent);
    const { member } = workspace.about;
    const author = workspace.members().find((one) => one.id === member)?.name ?? '';
    const today = dayAt(host.clock.now());
    const named = fillTemplate(title, { title: '', date: today, author }).trim();
    const built = BUILT_IN_TEMPLATES.find((one) => one.id === template);
    if (built) {
      const made = randomId();
      const at = { room: `${id}/${space}/${made}`, parent, order: await place(host, id, space, { parent, after }) };
      await writeBuiltIn(host, at, { ...built, title: named }, member);
      return found(host, { workspace: id, document: made });
    }
    const entry = found(host, { workspace: id, document: template });
    mustBeCopied(entry);
    const copies = new Map(await copiesOf(host, entry));
    const document = copies.get(template)?.document ?? '';
    const order = await place(host, id, space, { parent, after });
    const at = { room: `${id}/${space}/${document}`, parent, order };
    if (entry.kind === 'board') await copyBoardTo(host, entry, copies, { title: named, template: false }, at);
    else {
      const copied = await readPage(host, entry.room, {
        ...leadingToCopies(copies, template),
        text: (text) => fillTemplate(text, { title: named, date: today, author }),
      });
      const properties = { ...copied.properties, template: false };
      await writePage(host, id, at, { ...copied, title: named, properties });
    }
    return found(host, { workspace: id, document });
  },
} satisfies Partial<CallHandlers>;
