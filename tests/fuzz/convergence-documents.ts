// The three kinds of documents as a scenario sees them: all that is typed in one as a text, and what people are shown of it.
import * as Y from 'yjs';
import { readBoard } from '../../shared/model/board/read.ts';
import { cardsOf, columnsOf, postsOf } from '../../shared/model/document/roots.ts';
import { readBlocks } from '../../shared/model/page/read.ts';
import { readThread } from '../../shared/model/thread/read.ts';
import { pageFaults, type PageLeave } from './stored-page.ts';
import { characterOf } from './typed-characters.ts';

export type DocumentKind = 'page' | 'board' | 'thread';

/** Everything typed that a document holds, shown or not: texts of pages, names and titles, versions of posts. */
export function storedText(kind: DocumentKind, doc: Y.Doc): string {
  if (kind === 'page') return pageText(doc.getText('body'));
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

/** With the characters that name somebody in a mention. */
function pageText(body: Y.Text): string {
  const things = (body.toDelta() as { insert: unknown }[]).map(({ insert }) =>
    characterOf((insert as { member?: unknown } | null)?.member),
  );
  return body.toString() + things.join('');
}

function versionsOf(versions: unknown): string[] {
  if (!(versions instanceof Y.Map)) return [];
  return [...versions.values()].map((version) => (version as { text: string }).text).sort();
}

/** What everybody is shown of a document, as plain data. Throws where it is not what honest programs write, or cannot be read. */
export function shown(kind: DocumentKind, doc: Y.Doc, leave: PageLeave): unknown {
  if (kind === 'page') {
    const faults = pageFaults(doc, leave);
    if (faults.length > 0) throw new Error(`not a page of this version: ${faults.join(', ')}`);
    return readBlocks(doc.getText('body'));
  }
  const view = kind === 'board' ? readBoard(doc) : readThread(doc);
  if (view.unreadable.length > 0) throw new Error(`unreadable: ${view.unreadable.join(', ')}`);
  if ('votes' in view) return { posts: view.posts, votes: [...view.votes] };
  return view;
}
