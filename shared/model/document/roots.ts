// The fixed root types of a document: getting one never writes, and nobody else names a root.
import type * as Y from 'yjs';

/** What lists need of a document: the roots of every kind, what a profile says of its member's devices, and favourites. */
export const HEAD_ROOTS: ReadonlySet<string> = new Set(['meta', 'title', 'devices', 'favourites']);
export function metaOf(doc: Y.Doc): Y.Map<unknown> {
  return doc.getMap('meta');
}
export function titleOf(doc: Y.Doc): Y.Text {
  return doc.getText('title');
}
/** A page's body, a card's description. */
export function bodyOf(doc: Y.Doc): Y.Text {
  return doc.getText('body');
}
/** A page's comments, each a Y.Map under its id. */
export function commentsOf(doc: Y.Doc): Y.Map<unknown> {
  return doc.getMap('comments');
}
/** What members answered to the blocks of a page that ask something: by block and member. They lie apart from the blocks, so that no deletion takes a vote along. */
export function answersOf(doc: Y.Doc): Y.Map<unknown> {
  return doc.getMap('answers');
}
/** What became of a page's comments in a consultation: by comment and decision. */
export function decisionsOf(doc: Y.Doc): Y.Map<unknown> {
  return doc.getMap('decisions');
}
/** What was put back of a page's swallowed words, each entry under a random id. */
export function recoveredOf(doc: Y.Doc): Y.Map<unknown> {
  return doc.getMap('recovered');
}
/** What became of changes that people made of one thing while apart: by overlap and member. */
export function overlapsOf(doc: Y.Doc): Y.Map<unknown> {
  return doc.getMap('overlaps');
}
/** A profile's devices: what their member calls them, by id. */
export function devicesOf(doc: Y.Doc): Y.Map<unknown> {
  return doc.getMap('devices');
}
/** Of a member's own document of favourites: keys in the list by document id. */
export function favouritesOf(doc: Y.Doc): Y.Map<unknown> {
  return doc.getMap('favourites');
}
/** Of a member's own document of what was seen: state vectors by device and document. */
export function seenOf(doc: Y.Doc): Y.Map<unknown> {
  return doc.getMap('seen');
}
/** Of a member's own document of words that they let go of: ranges of clocks by document. */
export function dismissedOf(doc: Y.Doc): Y.Map<unknown> {
  return doc.getMap('dismissed');
}
/** Of a member's own document of what they watch: since when, by place. */
export function watchedOf(doc: Y.Doc): Y.Map<unknown> {
  return doc.getMap('watched');
}
/** A board's columns and cards, each a Y.Map under its id. */
export function columnsOf(doc: Y.Doc): Y.Map<unknown> {
  return doc.getMap('columns');
}
export function cardsOf(doc: Y.Doc): Y.Map<unknown> {
  return doc.getMap('cards');
}
/** A board's labels and custom fields, each a Y.Map under its id. */
export function labelsOf(doc: Y.Doc): Y.Map<unknown> {
  return doc.getMap('labels');
}
export function fieldsOf(doc: Y.Doc): Y.Map<unknown> {
  return doc.getMap('fields');
}
/** People whom a board names without their being members: names by id. */
export function peopleOf(doc: Y.Doc): Y.Map<unknown> {
  return doc.getMap('people');
}
/** A board's saved views, each a Y.Map under its id; of a member's own document of views, under a board's id and its own. */
export function viewsOf(doc: Y.Doc): Y.Map<unknown> {
  return doc.getMap('views');
}
/** A thread's posts under their ids, its reactions by post, member and emoji, its votes by member. */
export function postsOf(doc: Y.Doc): Y.Map<unknown> {
  return doc.getMap('posts');
}
/** What was attached to a card, in its own document: each a Y.Map under its id. */
export function filesOf(doc: Y.Doc): Y.Map<unknown> {
  return doc.getMap('files');
}
export function reactionsOf(doc: Y.Doc): Y.Map<unknown> {
  return doc.getMap('reactions');
}
export function votesOf(doc: Y.Doc): Y.Map<unknown> {
  return doc.getMap('votes');
}
/** A poll's choices, each a Y.Map under its id. */
export function choicesOf(doc: Y.Doc): Y.Map<unknown> {
  return doc.getMap('choices');
}
/** What was done about a thread's posts: keys `hidden/<post>` and `split/<post>`. They lie apart from the posts, so that no mark brings a removed post back. */
export function marksOf(doc: Y.Doc): Y.Map<unknown> {
  return doc.getMap('marks');
}
/** What members told a thread's managers of its posts, by post and member. */
export function reportsOf(doc: Y.Doc): Y.Map<unknown> {
  return doc.getMap('reports');
}
/** What managers did in a thread, by random id. */
export function deedsOf(doc: Y.Doc): Y.Map<unknown> {
  return doc.getMap('deeds');
}
/** Who has read an announcement, by member. */
export function readersOf(doc: Y.Doc): Y.Map<unknown> {
  return doc.getMap('readers');
}
/** Of a member's own document of what they read in a space: by device and thread. */
export function readPostsOf(doc: Y.Doc): Y.Map<unknown> {
  return doc.getMap('read');
}
/** Of a member's own document of drafts: by device and thread. */
export function draftsOf(doc: Y.Doc): Y.Map<unknown> {
  return doc.getMap('drafts');
}
/** Of a member's own document of what they follow: a level by thread or space. */
export function levelsOf(doc: Y.Doc): Y.Map<unknown> {
  return doc.getMap('levels');
}
/** Of a member's own document of whom and what they follow: by `@<member>` or `#<topic>`. */
export function followsOf(doc: Y.Doc): Y.Map<unknown> {
  return doc.getMap('follows');
}
/** Of a member's own document of what they are done with after an absence: by what it is about. */
export function digestDoneOf(doc: Y.Doc): Y.Map<unknown> {
  return doc.getMap('done');
}
/** What a profile says of its member: role, place, skills and the like. */
export function profileOf(doc: Y.Doc): Y.Map<unknown> {
  return doc.getMap('profile');
}
/** Of a member's own document of their inbox: what they did about a thing, by its key. */
export function inboxOf(doc: Y.Doc): Y.Map<unknown> {
  return doc.getMap('inbox');
}
/** The teams of a workspace, by id. */
export function teamsOf(doc: Y.Doc): Y.Map<unknown> {
  return doc.getMap('teams');
}
/** Bookmarks, by what they lead to: of a member in a document of their own, of a space in the space's own. */
export function bookmarksOf(doc: Y.Doc): Y.Map<unknown> {
  return doc.getMap('bookmarks');
}
/** Of a member's own document of how they want to be notified. */
export function notificationsOf(doc: Y.Doc): Y.Map<unknown> {
  return doc.getMap('notifications');
}
