// The three kinds of documents as a scenario sees them: all that is typed in one as a text, and what people are shown of it.
import * as Y from 'yjs';
import { readBoard } from '../../shared/model/board/read.ts';
import { cardsOf, columnsOf, postsOf } from '../../shared/model/document/roots.ts';
import { readBlocks } from '../../shared/model/page/read.ts';
import { readThread } from '../../shared/model/thread/read.ts';

export type DocumentKind = 'page' | 'board' | 'thread';

/** Everything typed that a document holds, shown or not: texts of pages, names and titles, versions of posts. */
export function storedText(kind: DocumentKind, doc: Y.Doc): string {
  if (kind === 'page') return doc.getText('body').toString();
  const texts: string[] = [];
  const roots = kind === 'board' ? [columnsOf(doc), cardsOf(doc)] : [postsOf(doc)];
  for (const root of roots) {
    for (const [id, entry] of [...root.entries()].sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (!(entry instanceof Y.Map)) continue;
      if (kind === 'thread') texts.push(...versionsOf(entry.get('versions')));
      else texts.push(`${id} ${String(entry.get('name') ?? entry.get('title'))}`);
    }
  }
  return texts.join('\n');
}

function versionsOf(versions: unknown): string[] {
  if (!(versions instanceof Y.Map)) return [];
  return [...versions.values()].map((version) => (version as { text: string }).text).sort();
}

/** What everybody is shown of a document, as plain data. Throws where what honest people wrote cannot be read. */
export function shown(kind: DocumentKind, doc: Y.Doc): unknown {
  if (kind === 'page') {
    const blocks = readBlocks(doc.getText('body'));
    if (new Set(blocks.map((block) => block.id)).size !== blocks.length) throw new Error('two blocks have one id');
    return blocks;
  }
  const view = kind === 'board' ? readBoard(doc) : readThread(doc);
  if (view.unreadable.length > 0) throw new Error(`unreadable: ${view.unreadable.join(', ')}`);
  if ('votes' in view) return { posts: view.posts, votes: [...view.votes] };
  return view;
}
