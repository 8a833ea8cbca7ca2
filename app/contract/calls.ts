// The typed calls from a window (or the command line) to a host: parameters and results, validated on both ends.
import { z } from 'zod';
import { ACCESS_CALLS } from './access.ts';
import { ATTACHMENT_CALLS, blobName, blobState } from './attachments.ts';
import { BOARD_CALLS } from './board.ts';
import { BOOKMARK_CALLS } from './bookmarks.ts';
import { SENDING_CALLS } from './card-sending.ts';
import {
  asideEntry,
  cardFacts,
  docEntry,
  historyEntry,
  historyTotals,
  documentHolders,
  importReport,
  jobStatus,
  memberEntry,
  spaceEntry,
  text,
  title,
  truths,
  workspaceEntry,
} from './entities.ts';
import { BUNDLE_CALLS } from './bundles.ts';
import { COMMUNITY_CALLS } from './communities.ts';
import { DIGEST_CALLS } from './digest.ts';
import { HOME_CALLS } from './home.ts';
import { INSIGHT_CALLS } from './insights.ts';
import { INBOX_CALLS } from './inbox.ts';
import { notice, NOTIFY_CALLS } from './notify.ts';
import { linkedFrom, unlinkedIn } from './links.ts';
import { HISTORY_CALLS } from './history.ts';
import { OVERLAP_CALLS } from './overlap.ts';
import { PEER_CALLS } from './peers.ts';
import { PEOPLE_CALLS } from './people.ts';
import { RECEIPT_CALLS } from './receipts.ts';
import { RECOVERED_CALLS } from './recovered.ts';
import { visibility } from './roles.ts';
import { SEARCH_CALLS } from './search.ts';
import { THREAD_CALLS } from './threads.ts';
import { TRAVEL_CALLS } from './travel.ts';
import { TRELLO_CALLS } from './trello.ts';
import { backupReport, recoveryReport, recoveryState, snapshotEntry } from './recovery.ts';

const id = z.string().min(1).max(64);
const none = z.object({});
const inWorkspace = z.object({ workspace: id });
const inSpace = inWorkspace.extend({ space: id });
const ofDocument = inWorkspace.extend({ document: id });

function call<P extends z.ZodType, R extends z.ZodType>(params: P, result: R): { params: P; result: R } {
  return { params, result };
}

/** Every call by name. A call that is not here does not exist. */
export const CALLS = {
  /** What a window needs to begin. */
  hello: call(
    none,
    z.object({
      version: z.string(),
      device: id,
      workspaces: z.array(workspaceEntry),
      /** Set while the store is damaged: then there is nothing but the ways to mend it. */
      recovery: recoveryState.nullish(),
      /** What happened to this data folder that its person should know; windows show each once. */
      notices: z.array(text).default([]),
    }),
  ),

  /** The ways out of a damaged store; refused by a host whose store is sound. */
  'recovery.repair': call(none, recoveryReport),
  'recovery.restore': call(z.object({ snapshot: z.string().max(100) }), recoveryReport),
  'recovery.refill': call(none, recoveryReport),

  /** Newest first. */
  'snapshot.list': call(none, z.array(snapshotEntry)),
  /** A backup of everything that makes this data folder, into a new or empty folder; the host goes on meanwhile. */
  backup: call(z.object({ directory: z.string().min(1).max(10_000) }), backupReport),
  /** Everything of a backup, where there is no workspace yet; refused by a host that has one. */
  restore: call(z.object({ directory: z.string().min(1).max(10_000) }), recoveryReport),

  /** `offTopic`: with a space for what is off topic beside the first one, as people get it who begin in a window or by `init`. */
  'workspace.create': call(
    z.object({ title: title.min(1), name: title.min(1), offTopic: z.boolean().optional() }),
    workspaceEntry,
  ),
  'workspace.join': call(z.object({ link: z.string().max(10_000), name: title.min(1) }), workspaceEntry),
  'workspace.rename': call(inWorkspace.extend({ title: title.min(1) }), none),
  'workspace.members': call(inWorkspace, z.array(memberEntry)),
  'workspace.truths': call(inWorkspace, truths),
  /** `key`: the relay's registration key, where it asks for one. `link`: an invitation for a member; '' from who may not invite. */
  'relay.attach': call(
    inWorkspace.extend({ url: z.string().max(2_000), key: z.string().max(200).optional() }),
    z.object({ link: z.string() }),
  ),
  /** Goes on without a relay: this device of the owner puts the list of members in order from now on. */
  'relay.detach': call(inWorkspace, none),
  'invite.create': ACCESS_CALLS['invite.create'],
  'invite.list': ACCESS_CALLS['invite.list'],
  'invite.revoke': ACCESS_CALLS['invite.revoke'],
  'member.role': ACCESS_CALLS['member.role'],
  'member.remove': ACCESS_CALLS['member.remove'],
  'member.sees': ACCESS_CALLS['member.sees'],
  'owner.transfer': ACCESS_CALLS['owner.transfer'],
  'space.grant': ACCESS_CALLS['space.grant'],
  'space.revoke': ACCESS_CALLS['space.revoke'],
  'space.archive': ACCESS_CALLS['space.archive'],
  'space.enter': ACCESS_CALLS['space.enter'],
  'space.quit': ACCESS_CALLS['space.quit'],

  /** Words that somebody else's program pushed out of documents. */
  'aside.list': call(inWorkspace, z.array(asideEntry)),
  /** Puts them back into their place; twice is harmless. */
  'aside.return': call(inWorkspace.extend({ passage: id }), none),
  /** Lets go of them, or (false) takes that back; they stay on the disk until the next start. */
  'aside.dismiss': call(inWorkspace.extend({ passage: id, dismissed: z.boolean() }), none),

  'log.list': ACCESS_CALLS['log.list'],

  'lost.list': ACCESS_CALLS['lost.list'],
  'lost.export': ACCESS_CALLS['lost.export'],
  'lost.release': ACCESS_CALLS['lost.release'],

  'settings.read': ACCESS_CALLS['settings.read'],
  'settings.change': ACCESS_CALLS['settings.change'],
  'disk.use': ACCESS_CALLS['disk.use'],
  'keys.where': ACCESS_CALLS['keys.where'],
  'keys.move': ACCESS_CALLS['keys.move'],
  'keys.renew': ACCESS_CALLS['keys.renew'],

  'device.list': ACCESS_CALLS['device.list'],
  'device.rename': ACCESS_CALLS['device.rename'],
  'device.invite': ACCESS_CALLS['device.invite'],
  'workspace.leaving': ACCESS_CALLS['workspace.leaving'],
  'workspace.leave': ACCESS_CALLS['workspace.leave'],
  'workspace.erase': ACCESS_CALLS['workspace.erase'],
  'device.answer': ACCESS_CALLS['device.answer'],
  'workspace.recover': ACCESS_CALLS['workspace.recover'],
  'device.add': ACCESS_CALLS['device.add'],
  'device.remove': ACCESS_CALLS['device.remove'],
  'recovery.create': ACCESS_CALLS['recovery.create'],
  'recovery.confirm': ACCESS_CALLS['recovery.confirm'],
  'recovery.state': ACCESS_CALLS['recovery.state'],

  'blob.begin': ATTACHMENT_CALLS['blob.begin'],
  'blob.append': ATTACHMENT_CALLS['blob.append'],
  'blob.finish': ATTACHMENT_CALLS['blob.finish'],
  'blob.cancel': ATTACHMENT_CALLS['blob.cancel'],
  'blob.adopt': ATTACHMENT_CALLS['blob.adopt'],
  'blob.state': ATTACHMENT_CALLS['blob.state'],
  'blob.holders': ATTACHMENT_CALLS['blob.holders'],
  'blob.read': ATTACHMENT_CALLS['blob.read'],
  'blob.small': ATTACHMENT_CALLS['blob.small'],
  'blob.keepSmall': ATTACHMENT_CALLS['blob.keepSmall'],

  'space.list': call(inWorkspace, z.array(spaceEntry)),
  'space.create': call(
    inWorkspace.extend({ name: title.min(1), visibility: visibility.optional(), purpose: text.optional() }),
    spaceEntry,
  ),
  'space.rename': call(inSpace.extend({ name: title.min(1) }), none),

  'doc.list': call(inWorkspace.extend({ space: id.optional() }), z.array(docEntry)),
  'doc.get': call(ofDocument, docEntry.nullable()),
  /** `position` among the siblings: behind the document `after`, at the start (null), or at the end (left out). */
  'doc.create': call(
    inSpace.extend({
      kind: z.enum(['page', 'board']),
      title: title.optional(),
      parent: id.nullable(),
      after: id.nullable().optional(),
      /** An id that was made for it, where something leads to it already. */
      document: z
        .string()
        .regex(/^[A-Za-z0-9_][A-Za-z0-9_-]{21}$/)
        .optional(),
    }),
    docEntry,
  ),
  /** The document with what a card of the board holds beside its face; made where it is not there yet. */
  'card.page': call(ofDocument.extend({ card: id }), docEntry),
  /** By card, what those hold that have something beside their faces; `facts` is announced when it becomes different. */
  'board.facts': call(ofDocument, z.record(id, cardFacts)),
  'board.changes': BOARD_CALLS['board.changes'],
  'card.activity': BOARD_CALLS['card.activity'],
  'thread.list': THREAD_CALLS['thread.list'],
  'thread.entry': THREAD_CALLS['thread.entry'],
  'thread.unread': THREAD_CALLS['thread.unread'],
  'thread.begin': THREAD_CALLS['thread.begin'],
  'thread.reading': THREAD_CALLS['thread.reading'],
  'thread.read': THREAD_CALLS['thread.read'],
  'thread.waiting': THREAD_CALLS['thread.waiting'],
  'thread.unreadFrom': THREAD_CALLS['thread.unreadFrom'],
  'draft.of': THREAD_CALLS['draft.of'],
  'draft.write': THREAD_CALLS['draft.write'],
  'level.of': THREAD_CALLS['level.of'],
  'level.set': THREAD_CALLS['level.set'],
  'bookmark.list': BOOKMARK_CALLS['bookmark.list'],
  'bookmark.set': BOOKMARK_CALLS['bookmark.set'],
  'space.directory': COMMUNITY_CALLS['space.directory'],
  'space.describe': COMMUNITY_CALLS['space.describe'],
  'space.feature': COMMUNITY_CALLS['space.feature'],
  'space.attention': COMMUNITY_CALLS['space.attention'],
  'notify.read': NOTIFY_CALLS['notify.read'],
  'notify.change': NOTIFY_CALLS['notify.change'],
  'notify.computer': NOTIFY_CALLS['notify.computer'],
  'notify.counts': NOTIFY_CALLS['notify.counts'],
  'notify.try': NOTIFY_CALLS['notify.try'],
  'notify.window': NOTIFY_CALLS['notify.window'],
  'home.read': HOME_CALLS['home.read'],
  'digest.read': DIGEST_CALLS['digest.read'],
  'digest.count': DIGEST_CALLS['digest.count'],
  'digest.done': DIGEST_CALLS['digest.done'],
  'digest.markdown': DIGEST_CALLS['digest.markdown'],
  'insights.read': INSIGHT_CALLS['insights.read'],
  'level.follow': THREAD_CALLS['level.follow'],
  'thread.similar': THREAD_CALLS['thread.similar'],
  'thread.split': THREAD_CALLS['thread.split'],
  'thread.merge': THREAD_CALLS['thread.merge'],
  'thread.unmerge': THREAD_CALLS['thread.unmerge'],
  'thread.card': THREAD_CALLS['thread.card'],
  'thread.seen': THREAD_CALLS['thread.seen'],
  'inbox.list': INBOX_CALLS['inbox.list'],
  'inbox.mark': INBOX_CALLS['inbox.mark'],
  'inbox.mute': INBOX_CALLS['inbox.mute'],
  'peers.list': PEER_CALLS['peers.list'],
  'peers.code': PEER_CALLS['peers.code'],
  'peers.connect': PEER_CALLS['peers.connect'],
  'peers.settings': PEER_CALLS['peers.settings'],
  'peers.setSettings': PEER_CALLS['peers.setSettings'],
  'people.list': PEOPLE_CALLS['people.list'],
  'people.profile': PEOPLE_CALLS['people.profile'],
  'people.describe': PEOPLE_CALLS['people.describe'],
  'people.knows': PEOPLE_CALLS['people.knows'],
  'people.queue': PEOPLE_CALLS['people.queue'],
  'people.following': PEOPLE_CALLS['people.following'],
  'people.teams': PEOPLE_CALLS['people.teams'],
  'people.planTeams': PEOPLE_CALLS['people.planTeams'],
  'people.importTeams': PEOPLE_CALLS['people.importTeams'],
  'people.follow': PEOPLE_CALLS['people.follow'],
  'cards.plan': SENDING_CALLS['cards.plan'],
  'cards.send': SENDING_CALLS['cards.send'],
  'cards.takeBack': SENDING_CALLS['cards.takeBack'],
  'cards.late': SENDING_CALLS['cards.late'],
  'cards.find': SENDING_CALLS['cards.find'],
  'doc.rename': call(ofDocument.extend({ title }), none),
  'doc.move': call(ofDocument.extend({ parent: id.nullable(), after: id.nullable().optional() }), none),
  'doc.archive': call(ofDocument, none),
  'doc.unarchive': call(ofDocument, none),
  /** The document and what stands below it; `doc.untrash` brings back exactly what went. */
  'doc.trash': call(ofDocument, none),
  'doc.untrash': call(ofDocument, none),
  /** A copy behind the original, with what stands below it or without. */
  'doc.duplicate': call(ofDocument.extend({ below: z.boolean() }), docEntry),
  /** A new page with the content of a template: `{{title}}`, `{{date}}` and `{{author}}` in it are filled in. */
  'doc.fromTemplate': call(
    inSpace.extend({ template: id, title, parent: id.nullable(), after: id.nullable().optional() }),
    docEntry,
  ),
  /** My own favourites, in the order of my list. */
  'favourites.list': call(inWorkspace, z.array(id)),
  /** `after`: its place in the list, as in `doc.create`; null takes it to the start. */
  'favourites.set': call(ofDocument.extend({ favourite: z.boolean(), after: id.nullable().optional() }), none),
  'doc.purge': ACCESS_CALLS['doc.purge'],
  'doc.transfer': ACCESS_CALLS['doc.transfer'],
  /** Which devices and members hold what is in it. */
  'doc.holders': call(ofDocument, documentHolders),
  'doc.receipts': RECEIPT_CALLS['doc.receipts'],
  'profile.receipts': RECEIPT_CALLS['profile.receipts'],
  /** The document as DESIGN, section 10 prints it: kind, title and content. */
  'doc.show': call(ofDocument, z.record(z.string(), z.unknown())),
  /**
   * A page, board or discussion as one Markdown text, its title in front; links to pages are addresses that Caravan opens. `card`: of a board that card alone.
   * `at`: as it was then, as far as its history tells (`complete`), without what its cards hold.
   */
  'doc.markdown': call(
    ofDocument.extend({ card: id.optional(), at: z.int().min(0).optional() }),
    z.object({ markdown: z.string(), complete: z.boolean() }),
  ),
  /** The same as it was at a time (milliseconds since the epoch), with `history`: whether that is complete, and since when it is known. */
  'doc.showAt': call(ofDocument.extend({ at: z.int().min(0) }), z.record(z.string(), z.unknown())),
  /** Who edited it, when, and how many words were typed: one entry an editing session, oldest first. */
  'doc.history': call(ofDocument, z.array(historyEntry)),
  'page.sessions': HISTORY_CALLS['page.sessions'],
  'page.version': HISTORY_CALLS['page.version'],
  'page.past': HISTORY_CALLS['page.past'],
  'page.stopHistory': HISTORY_CALLS['page.stopHistory'],
  'overlap.list': OVERLAP_CALLS['overlap.list'],
  'recovered.list': RECOVERED_CALLS['recovered.list'],
  'recovered.dismiss': RECOVERED_CALLS['recovered.dismiss'],
  /** The clocks that any of my devices has seen of a page, or null; and: this one has looked at all of this (a state vector, base64url). */
  'seen.of': call(ofDocument, z.object({ clocks: z.array(z.tuple([z.number(), z.number()])).nullable() })),
  'seen.mark': call(ofDocument.extend({ vector: z.string().max(100_000) }), none),
  /** A window of mine writes in it under this Yjs client: what it writes is news on none of my devices. */
  'seen.own': call(ofDocument.extend({ client: z.int().min(0) }), none),
  /** What this computer keeps of history, of all workspaces, and its bounds (0: none). */
  'history.totals': call(none, historyTotals),

  /** Which documents lead to this one, with the lines that do. */
  'links.to': call(ofDocument, linkedFrom),
  /** Which say its title, or another name of it, without a link. */
  'links.unlinked': call(ofDocument, unlinkedIn),

  'search.find': SEARCH_CALLS['search.find'],
  'search.state': SEARCH_CALLS['search.state'],
  'search.rebuild': SEARCH_CALLS['search.rebuild'],

  /** From a folder that the host can read (desktop, command line). Without a space: an export of a whole workspace, each space of it into the one of its id or name. */
  'import.markdown': call(inWorkspace.extend({ space: id.optional(), directory: z.string() }), z.object({ job: id })),
  /**
   * The spaces here for those that the manifest of an export names, by its folders: of the same id, else of the same name; made where there are none. For a
   * window that is about to add the files which their pages show. Throws `bad-input` where it names none; then nothing was made.
   */
  'import.spaces': call(
    inWorkspace.extend({ manifest: z.string().max(4 * 1024 * 1024) }),
    z.object({ spaces: z.array(z.object({ folder: z.string(), space: id })) }),
  ),
  /**
   * From files that a browser window read; the text of one file is at most 4 MiB (of a board as much as of all), of all 64 MiB. `assets`: files that pages and
   * cards show, which the window has added to the space by then. Without a space: an export of a whole workspace, with its manifest among the files (`import.spaces`).
   */
  'import.files': call(
    inWorkspace.extend({
      space: id.optional(),
      files: z.array(z.object({ path: z.string().max(1_000), text: z.string() })).max(20_000),
      assets: z
        .array(z.object({ path: z.string().max(1_000), blob: blobName }))
        .max(20_000)
        .optional(),
    }),
    z.object({ job: id }),
  ),
  /** What a board that Trello exported would become, and whom it names: asked before anything is written. */
  'import.trelloPlan': TRELLO_CALLS['import.trelloPlan'],
  /** Writes it; the job's report says what had no place. */
  'import.trello': TRELLO_CALLS['import.trello'],
  /** A space, or (left out) all of them; or a document with what stands below it. */
  'export.markdown': call(
    inWorkspace.extend({ space: id.optional(), document: id.optional(), directory: z.string() }),
    z.object({ job: id }),
  ),
  /** The same as a ZIP file in the host's memory, which `export.take` gives once the job is done, as base64, for a download. */
  'export.zip': call(inWorkspace.extend({ space: id.optional(), document: id.optional() }), z.object({ job: id })),
  'export.take': call(z.object({ job: id }), z.object({ name: z.string(), base64: z.string() })),
  'bundle.plan': BUNDLE_CALLS['bundle.plan'],
  'bundle.write': BUNDLE_CALLS['bundle.write'],
  'bundle.take': BUNDLE_CALLS['bundle.take'],
  'bundle.begin': BUNDLE_CALLS['bundle.begin'],
  'bundle.append': BUNDLE_CALLS['bundle.append'],
  'bundle.drop': BUNDLE_CALLS['bundle.drop'],
  'bundle.read': BUNDLE_CALLS['bundle.read'],
  'bundle.report': BUNDLE_CALLS['bundle.report'],
  'job.get': call(z.object({ job: id }), z.object({ status: jobStatus, report: importReport.nullable() })),
  'job.cancel': call(z.object({ job: id }), none),

  /** Waits until the relay and this host have nothing for each other, at most `timeout` ms. */
  'sync.wait': call(
    inWorkspace.extend({ timeout: z.number().max(3_600_000) }),
    z.object({ done: z.boolean(), truths }),
  ),
  'travel.check': TRAVEL_CALLS['travel.check'],
  'travel.choose': TRAVEL_CALLS['travel.choose'],
  'travel.fetch': TRAVEL_CALLS['travel.fetch'],
  'travel.pause': TRAVEL_CALLS['travel.pause'],
  'links.rehearse': TRAVEL_CALLS['links.rehearse'],
  ticket: call(ofDocument, z.object({ url: z.string(), protocols: z.array(z.string()), room: z.string() })),
  doctor: call(none, z.array(z.object({ check: text, ok: z.boolean(), detail: text }))),
  /** Ends the host after everything is stored. */
  quit: call(none, none),
} as const;

export type CallName = keyof typeof CALLS;
export type CallParams<N extends CallName> = z.input<(typeof CALLS)[N]['params']>;
export type CallResult<N extends CallName> = z.output<(typeof CALLS)[N]['result']>;

/** What a host announces unasked. Windows hear all of it for all workspaces of the data folder. */
export const announcement = z.discriminatedUnion('event', [
  z.object({
    event: z.literal('catalogue'),
    workspace: id,
    changed: z.array(docEntry),
    removed: z.array(id),
  }),
  z.object({ event: z.literal('spaces'), workspace: id, spaces: z.array(spaceEntry) }),
  z.object({ event: z.literal('members'), workspace: id, members: z.array(memberEntry) }),
  z.object({ event: z.literal('workspaces'), workspaces: z.array(workspaceEntry) }),
  z.object({ event: z.literal('favourites'), workspace: id, documents: z.array(id) }),
  z.object({ event: z.literal('truths'), workspace: id, truths }),
  /** The store is sound again, or what is wrong with it is known: hello is to be asked anew. */
  z.object({ event: z.literal('recovered') }),
  z.object({ event: z.literal('aside'), workspace: id, passages: z.array(asideEntry) }),
  /** Other documents lead to these from now on, or lead elsewhere; an empty list: to so many that all are to be asked for again. */
  z.object({ event: z.literal('links'), workspace: id, documents: z.array(id) }),
  /** History of documents of a space is here that was not before. */
  z.object({ event: z.literal('sessions'), workspace: id, space: id }),
  /** Something came after this computer had been away (`board.changes`). */
  z.object({ event: z.literal('landed'), workspace: id }),
  /** What came while this computer was away says something else (`digest.read`); things in it that are not done. */
  z.object({ event: z.literal('digest'), workspace: id, count: z.number() }),
  /** What cards of these boards hold became different (`board.facts`). */
  z.object({ event: z.literal('facts'), workspace: id, documents: z.array(id) }),
  /** Threads of these spaces became different, or what I have read of them (`thread.list`, `thread.unread`). */
  z.object({ event: z.literal('threads'), workspace: id, spaces: z.array(id) }),
  /** What people say of themselves, what they wrote, teams, or whom I follow (`people.*`). */
  z.object({ event: z.literal('people'), workspace: id }),
  /** What I and others changed apart (`overlap.list`); `count` is how many nobody settled. */
  z.object({ event: z.literal('overlaps'), workspace: id, count: z.number() }),
  /** What calls on me became different, or what I did about it (`inbox.list`); `count` is how many entries are new. */
  z.object({ event: z.literal('inbox'), workspace: id, count: z.number() }),
  /** Who holds documents, as the relay told, or what of mine they hold (`doc.receipts`). */
  z.object({ event: z.literal('receipts'), workspace: id }),
  /** Something else is found from now on, or more was read (`search.*`). */
  z.object({ event: z.literal('search'), workspace: id }),
  /** Who is here of members' computers (`peers.list`), or the code that is shown; `linked` is how many are. */
  z.object({ event: z.literal('peers'), workspace: id, linked: z.number() }),
  z.object({ event: z.literal('blob'), workspace: id, blobs: z.array(blobState) }),
  /** For the window that hears it, and no other: it is to show this on the desktop, once. */
  z.object({ event: z.literal('notice'), notice }),
  z.object({ event: z.literal('job'), status: jobStatus, report: importReport.nullable() }),
]);
export type Announcement = z.infer<typeof announcement>;
