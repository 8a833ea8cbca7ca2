// One page as Markdown for the clipboard: its title in front, links to pages as addresses. Files of an export are not made here.
import { bodyOf } from '../../shared/model/document/roots.ts';
import { readTitle } from '../../shared/model/document/title.ts';
import { printMarkdown } from '../../shared/model/markdown/print-markdown.ts';
import { readBlocks } from '../../shared/model/page/read.ts';
import type { DocEntry } from '../contract/entities.ts';
import { pageAddress } from '../contract/page-address.ts';
import type { KnownNames } from './known-names.ts';
import type { RoomDocuments } from './room-documents.ts';
import { printable } from './show-document.ts';

export async function pageMarkdown(
  documents: Pick<RoomDocuments, 'read'>,
  workspace: string,
  entry: DocEntry,
  names: KnownNames,
): Promise<string> {
  const { title, blocks } = await documents.read(entry.room, (doc) => ({
    title: readTitle(doc),
    blocks: readBlocks(bodyOf(doc)).map(printable),
  }));
  const heading = {
    type: 'text' as const,
    kind: 'heading' as const,
    level: 1,
    content: [{ type: 'text' as const, text: title || 'Untitled', marks: {} }],
  };
  return printMarkdown([heading, ...blocks], {
    ...names,
    printLink: (url) => {
      const link = /^page:([^#]+)(?:#(.*))?$/s.exec(url);
      return link?.[1] === undefined ? null : pageAddress(workspace, link[1], link[2]);
    },
  });
}
