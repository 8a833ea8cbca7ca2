// Calls about what calls on me: the list, and what I did about it, which is written in a document of mine that no other member can read.
import { setInboxMark } from '../../../shared/model/personal/inbox.ts';
import { setLevel } from '../../../shared/model/personal/levels.ts';
import type { CallHandlers } from '../call-handlers.ts';
import { foundBoard } from './board-calls.ts';
import { foundOrCard } from './document-calls.ts';
import { editMine } from './thread-calls.ts';

export const inboxCalls = {
  async 'inbox.list'(host, { workspace }) {
    host.workspaces.get(workspace);
    return { entries: [...host.inbox.list(workspace)], count: host.inbox.count(workspace) };
  },
  async 'inbox.mark'(host, { workspace, entries, state, until = null }) {
    host.workspaces.get(workspace);
    const marks = await host.inbox.marksFor(workspace, entries, state, state === 'snoozed' ? until : null);
    if (marks.length === 0) return {};
    const room = await editMine(host, workspace, 'inbox', (doc) => {
      for (const [thing, mark] of marks) setInboxMark(doc, thing, mark);
    });
    await host.inbox.refresh(room);
    return {};
  },
  async 'inbox.mute'(host, { workspace, document, board, mute }) {
    if (board === undefined) foundOrCard(host, { workspace, document });
    else foundBoard(host, { workspace, document: board });
    const room = await editMine(host, workspace, 'levels', (doc) => setLevel(doc, document, mute ? 'mute' : null));
    await host.threads.refresh(room);
    await host.inbox.refresh(room);
    return {};
  },
} satisfies Partial<CallHandlers>;
