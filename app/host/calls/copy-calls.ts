// Calls that make pages out of pages: a copy, with what stands below it or without, and a new page out of a template.
import type * as Y from 'yjs';
import { AppError } from '../../../shared/base/app-error.ts';
import { randomId } from '../../../shared/base/random-id.ts';
import { createDocument, renameDocument } from '../../../shared/model/document/commands.ts';
import { bodyOf, metaOf } from '../../../shared/model/document/roots.ts';
import { readTitle } from '../../../shared/model/document/title.ts';
import { buildTree, subtree } from '../../../shared/model/document/tree.ts';
import { copyBody, freshIds, type CopiedPiece, type CopyChange } from '../../../shared/model/page/copy.ts';
import { readEmbed } from '../../../shared/model/page/embeds.ts';
import { pageLink, readPageLink } from '../../../shared/model/page/page-link.ts';
import { writeProperties } from '../../../shared/model/properties/commands.ts';
import { dayAt } from '../../../shared/model/properties/day.ts';
import { readProperties, type Properties } from '../../../shared/model/properties/read.ts';
import { fillTemplate } from '../../../shared/model/properties/template.ts';
import type { DocEntry } from '../../contract/entities.ts';
import type { CallHandlers, HostParts } from '../call-handlers.ts';
import { readFrontMatter } from '../import-markdown/import-actions.ts';
import { found, parentIn, place } from './document-calls.ts';
import { knownSpace } from './space-calls.ts';

interface Copied {
  readonly title: string;
  readonly properties: Properties;
  readonly frontMatter: string;
  readonly body: CopiedPiece[];
}

interface NewPlace {
  readonly room: string;
  readonly parent: string | null;
  readonly order: string;
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

/** Where a page's copy is, and which ids its blocks have there. */
interface CopyOf {
  readonly document: string;
  readonly blocks: ReadonlyMap<string, string>;
}

async function copyOf(host: HostParts, entry: DocEntry): Promise<[string, CopyOf]> {
  const blocks = await host.documents.read(entry.room, (doc) => freshIds(bodyOf(doc)));
  return [entry.id, { document: randomId(), blocks }];
}

/** What leads from one of the copied pages to another, or to a block there, leads to the copy: links and page embeds. */
function leadingToCopies(copies: ReadonlyMap<string, CopyOf>, own: string): CopyChange {
  return {
    ids: copies.get(own)?.blocks ?? new Map<string, string>(),
    link(address) {
      const to = readPageLink(address);
      const copy = to === null ? undefined : copies.get(to.page);
      // An anchor that is no block's id is a heading's words, which are the same in the copy.
      return to && copy ? pageLink(copy.document, copy.blocks.get(to.anchor) ?? to.anchor) : address;
    },
    thing(value) {
      const embed = readEmbed(value);
      const copy = embed?.type === 'page' ? copies.get(embed.page) : undefined;
      if (embed?.type !== 'page' || !copy) return value;
      const { block } = embed;
      return {
        type: 'page',
        page: copy.document,
        ...(block === undefined ? {} : { block: copy.blocks.get(block) ?? block }),
      };
    },
  };
}

function mustBePage(entry: DocEntry): void {
  if (entry.kind !== 'page') throw new AppError('bad-input', 'Only pages can be copied so far. Nothing was changed.');
}

export const copyCalls = {
  async 'doc.duplicate'(host, { workspace, document, below }) {
    const entry = found(host, { workspace, document });
    mustBePage(entry);
    const tree = buildTree(
      host.catalogue.list(workspace, entry.space).filter((one) => one.kind === 'page' && !one.archived),
    );
    const originals = below ? subtree(tree, entry) : [entry];
    const copies = new Map<string, CopyOf>();
    for (const one of originals) copies.set(...(await copyOf(host, one)));
    const copyId = (id: string | null): string | null => copies.get(id ?? '')?.document ?? null;
    const roomOf = (id: string): string => `${workspace}/${entry.space}/${id}`;
    const order = await place(host, workspace, entry.space, { parent: entry.parent, after: entry.id });
    const name = `${entry.title || 'Untitled'} (copy)`;
    // Should the program end in between, the copy says itself that it is not whole.
    const unfinished = originals.length > 1 ? ', unfinished' : '';
    for (const one of originals) {
      const isTop = one.id === entry.id;
      const copied = await readPage(host, one.room, leadingToCopies(copies, one.id));
      await writePage(
        host,
        workspace,
        {
          room: roomOf(copyId(one.id) ?? ''),
          parent: isTop ? entry.parent : copyId(one.parent),
          order: isTop ? order : one.order,
        },
        isTop ? { ...copied, title: unfinished === '' ? name : name.replace(/\)$/, `${unfinished})`) } : copied,
      );
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
    const entry = found(host, { workspace: id, document: template });
    mustBePage(entry);
    parentIn(host, id, space, parent);
    const { member } = workspace.about;
    const author = workspace.members().find((one) => one.id === member)?.name ?? '';
    const today = dayAt(host.clock.now());
    const named = fillTemplate(title, { title: '', date: today, author }).trim();
    const [, made] = await copyOf(host, entry);
    const { document } = made;
    const copied = await readPage(host, entry.room, {
      ...leadingToCopies(new Map([[template, made]]), template),
      text: (text) => fillTemplate(text, { title: named, date: today, author }),
    });
    const order = await place(host, id, space, { parent, after });
    const room = `${id}/${space}/${document}`;
    const properties = { ...copied.properties, template: false };
    await writePage(host, id, { room, parent, order }, { ...copied, title: named, properties });
    return found(host, { workspace: id, document });
  },
} satisfies Partial<CallHandlers>;
