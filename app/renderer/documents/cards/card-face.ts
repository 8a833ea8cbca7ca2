// What a card's face shows, worked out once for its drawing and for its accessible name. Pure.
import type { Component } from 'svelte';
import type { Cover } from '../../../../shared/model/board/cover.ts';
import type { Card } from '../../../../shared/model/board/card.ts';
import { progressOf } from '../../../../shared/model/board/checklist.ts';
import type { Label } from '../../../../shared/model/board/definitions.ts';
import { isBlocked } from '../../../../shared/model/board/links.ts';
import { hueOf, type Hue } from '../../editor/hue.ts';
import { count } from '../../window/times.ts';
import { nearness, shortDue, type Nearness } from './due.ts';

/** What the host knows of a card's own document. */
export interface CardFacts {
  readonly comments: number;
  readonly attachments: number;
  readonly described: boolean;
}

export interface Face {
  readonly title: string;
  readonly labels: readonly { readonly id: string; readonly name: string; readonly hue: Hue }[];
  readonly due: { readonly words: string; readonly near: Nearness } | null;
  readonly checked: { readonly done: number; readonly total: number } | null;
  readonly comments: number;
  readonly attachments: number;
  readonly described: boolean;
  readonly unread: boolean;
  /** Something of it is nowhere but on this computer. */
  readonly unsent: boolean;
  readonly blocked: boolean;
  readonly completed: boolean;
  readonly people: readonly { readonly id: string; readonly name: string }[];
  /** Everything above in words. */
  readonly spoken: string;
}

export interface FaceContext {
  readonly labels: ReadonlyMap<string, Label>;
  /** The cards in columns: asked for by a card alone that others block, since it is another with each change of one. */
  readonly open: () => ReadonlyMap<string, Card>;
  readonly facts: (card: string) => CardFacts | null;
  /** What draws a cover. */
  readonly Cover: Component<{ readonly cover: Cover }>;
  readonly isUnread: (card: string) => boolean;
  readonly isUnsent: (card: string) => boolean;
  readonly memberName: (id: string) => string;
  readonly now: number;
}

/** What whatever draws a card in a list is given: on the board a face, in the list one line. */
export interface FaceProps {
  readonly card: Card;
  readonly context: FaceContext;
  readonly top: number;
  readonly position: number;
  readonly siblings: number;
  readonly focusable: boolean;
  readonly chosen: boolean;
  /** Its detail is beside the board. */
  readonly open: boolean;
  /** Lifted by keyboard: it stands where it would be dropped. */
  readonly lifted: boolean;
  /** It hangs on the pointer, and is shown there. */
  readonly away: boolean;
  readonly draggable: boolean;
  readonly dragIds: () => readonly string[];
  readonly ondragstart: (ids: readonly string[]) => void;
  readonly ondragend: () => void;
  /** Until the returned function is called. */
  readonly watchHeight: (element: HTMLElement) => () => void;
}

export function hueOfLabel({ id, colour }: Pick<Label, 'id' | 'colour'>): Hue {
  return colour ?? hueOf(id);
}

export function faceOf(
  card: Card,
  { labels, open, facts, isUnread, isUnsent, memberName, now }: Omit<FaceContext, 'Cover'>,
): Face {
  const progress = progressOf(card.checklists);
  const own = facts(card.id);
  const due = card.due ?? null;
  const face = {
    title: card.title || 'Untitled',
    labels: card.labels.flatMap((id) => {
      const label = labels.get(id);
      return label ? [{ id, name: label.name || 'Label without a name', hue: hueOfLabel(label) }] : [];
    }),
    due: due === null ? null : { words: shortDue(due, now), near: nearness(due, card.completed !== null, now) },
    checked: progress.total > 0 ? progress : null,
    comments: own?.comments ?? 0,
    attachments: own?.attachments ?? 0,
    described: own?.described ?? false,
    unread: isUnread(card.id),
    unsent: isUnsent(card.id),
    blocked: card.completed === null && card.links.blockedBy.length > 0 && isBlocked(card, open()),
    completed: card.completed !== null,
    people: card.members.map((id) => ({ id, name: memberName(id) })),
  };
  return { ...face, spoken: spokenOf(face) };
}

/** What the colour of a date says. */
const NEAR: Partial<Readonly<Record<Nearness, string>>> = { overdue: ', overdue', soon: ', within 24 hours' };

function spokenOf(face: Omit<Face, 'spoken'>): string {
  const due = face.due && `due ${face.due.words}${NEAR[face.due.near] ?? ''}`;
  const people = face.people.map(({ name }) => name || 'someone whose name has not arrived yet').join(', ');
  return [
    face.title,
    face.unread ? 'unread' : '',
    face.completed ? 'complete' : '',
    face.blocked ? 'blocked' : '',
    face.labels.map(({ name }) => name).join(', '),
    due ?? '',
    face.checked ? `${String(face.checked.done)} of ${String(face.checked.total)} ticked` : '',
    face.comments > 0 ? count(face.comments, 'comment') : '',
    face.attachments > 0 ? count(face.attachments, 'file') : '',
    people === '' ? '' : `for ${people}`,
    face.unsent ? 'only on this computer' : '',
  ]
    .filter((part) => part !== '')
    .join('; ');
}

/** How high a face is before it was measured, in pixels. */
export function guessHeight(card: Card): number {
  const lines = Math.min(3, Math.max(1, Math.ceil(card.title.length / 30)));
  const foot = card.due !== null || card.members.length > 0 || card.checklists.length > 0;
  const cover = card.cover === null ? 0 : card.cover.kind === 'hue' ? 28 : 116;
  return 22 + cover + lines * 20 + (card.labels.length > 0 ? 22 : 0) + (foot ? 28 : 0);
}
