// Random edits of the three kinds of documents, by the model's commands and the editor's binding; the words come from the book.
import type * as Y from 'yjs';
import * as cards from '../../shared/model/board/card-commands.ts';
import type { Card } from '../../shared/model/board/card.ts';
import * as columns from '../../shared/model/board/column-commands.ts';
import { readBoard } from '../../shared/model/board/read.ts';
import * as thread from '../../shared/model/thread/commands.ts';
import { readThread } from '../../shared/model/thread/read.ts';
import { randomEdit, type EditSource } from './binding-edits.ts';
import type { OpenDocument } from './convergence-window.ts';

export interface Typing extends EditSource {
  /** This text goes straight into a page, by a program that knows nothing of blocks. */
  loose(text: string): void;
}

/** One random edit of an open document; the answer says what it was. */
export function editDocument(open: OpenDocument, who: string, at: number, source: Typing): string {
  return open.edit(() => {
    if (open.kind === 'board') return editBoard(open.doc, who, at, source);
    if (open.kind === 'thread') return editThread(open.doc, who, at, source);
    return editPage(open, source);
  });
}

function editPage(open: OpenDocument, source: Typing): string {
  if (open.editor && source.random() < 0.8) {
    if (source.random() < 0.6) open.editor.binding.stopCapturing();
    return randomEdit(open.editor, source)[0];
  }
  // As another program types: straight into the text.
  const body = open.doc.getText('body');
  const place = Math.floor(source.random() * (body.length + 1));
  const text = source.text(2);
  source.loose(text);
  body.insert(place, text);
  return `other program types at ${String(place)}`;
}

function editBoard(doc: Y.Doc, who: string, at: number, source: EditSource): string {
  const view = readBoard(doc);
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(source.random() * list.length)];
  const column = pick(view.columns);
  const shown: readonly Card[] = [...view.columns.flatMap((one) => one.cards), ...view.unsorted, ...view.restored];
  const card = pick(shown);
  const after = (list: readonly { readonly id: string }[]): string | null | undefined =>
    source.random() < 0.3 ? null : pick(list)?.id;
  const removing = { at, by: who };
  const choice = Math.floor(source.random() * 14);
  if (!column || choice === 0) {
    columns.addColumn(doc, { name: source.text(2), after: after(view.columns) });
    return 'add column';
  }
  if (choice <= 3 || !card) {
    const place = { title: source.text(2), column: column.id, after: after(column.cards) };
    cards.addCard(doc, { ...place, createdBy: who, createdAt: at });
    return 'add card';
  }
  switch (choice) {
    case 4:
    case 5:
    case 6: {
      const cut = Math.floor(source.random() * (card.title.length + 1));
      cards.renameCard(doc, card.id, card.title.slice(0, cut) + source.text(1) + card.title.slice(cut));
      return 'type into a card';
    }
    case 7:
    case 8:
      cards.moveCard(doc, card.id, { column: column.id, after: after(column.cards) }, removing);
      return 'move card';
    case 9: {
      const again = pick(view.archived);
      if (again && source.random() < 0.5) cards.unarchiveCard(doc, again.id);
      else cards.archiveCard(doc, card.id, at);
      return 'archive or bring back';
    }
    case 10: {
      const again = pick(view.removed);
      if (again && source.random() < 0.4) cards.restoreCard(doc, again.id);
      else cards.removeCard(doc, card.id, removing);
      return 'remove or restore card';
    }
    case 11:
      columns.renameColumn(doc, column.id, column.name + source.text(1));
      return 'type into a column';
    case 12:
      columns.moveColumn(doc, column.id, after(view.columns));
      return 'move column';
    default: {
      const other = view.columns.find((one) => one.id !== column.id);
      columns.removeColumn(doc, column.id, other ? { to: other.id } : 'remove', removing);
      return 'remove column';
    }
  }
}

function editThread(doc: Y.Doc, who: string, at: number, source: EditSource): string {
  const { posts } = readThread(doc);
  const post = posts[Math.floor(source.random() * posts.length)];
  const choice = Math.floor(source.random() * 10);
  // Clocks of computers differ: some post from what looks like the past.
  const time = at - (source.random() < 0.2 ? 100_000 : 0);
  if (!post || choice < 4) {
    thread.addPost(doc, { author: who, device: `${who}-device`, text: source.text(2), at: time });
    return 'post';
  }
  if (choice < 6) {
    thread.editPost(doc, post.id, { text: source.text(2), at: time });
    return 'edit a post';
  }
  if (choice === 6) {
    if (post.removal.kind === 'none') thread.removePost(doc, post.id, { at, by: who });
    else thread.restorePost(doc, post.id);
    return 'remove or restore a post';
  }
  if (choice === 7) {
    if (source.random() < 0.7) thread.vote(doc, { member: who, choices: [post.id], at });
    else thread.takeBackVote(doc, who);
    return 'vote';
  }
  thread.react(doc, { post: post.id, member: who, emoji: choice === 8 ? '👍' : '🎉' }, source.random() < 0.7);
  return 'react';
}
