// What comes of sending cards to another board, in sentences. Pure.
import type { SendingPlan } from '../../../../contract/card-sending.ts';
import { count } from '../../../window/times.ts';

export interface PlanNames {
  readonly member: (id: string) => string;
  /** Of the other board's space. */
  readonly space: string;
  readonly copy: boolean;
  /** How many cards go. */
  readonly cards: number;
  readonly makeLabels: boolean;
}

/** In the order in which they are read; nothing is said of what there is none of. */
export function planWords(plan: SendingPlan, names: PlanNames): readonly string[] {
  const { labels, fields } = plan;
  const said: string[] = [];
  const along = [
    plan.descriptions > 0 ? (names.cards === 1 ? 'the description' : count(plan.descriptions, 'description')) : '',
    plan.comments > 0 ? count(plan.comments, 'comment') : '',
    plan.checklists > 0
      ? names.cards === 1
        ? 'its checklists'
        : `checklists of ${count(plan.checklists, 'card')}`
      : '',
    plan.files > 0 ? count(plan.files, 'file') : '',
  ].filter((words) => words !== '');
  if (along.length > 0)
    said.push(
      `${names.copy ? 'Copied with' : 'Goes along with'} ${names.cards === 1 ? 'it' : 'them'}: ${along.join(', ')}.`,
    );
  if (labels.known.length > 0) said.push(`Labels that are there as well: ${named(labels.known)}.`);
  if (labels.missing.length > 0)
    said.push(
      names.makeLabels
        ? `Labels that are made there: ${named(labels.missing)}.`
        : `Labels that stay behind: ${named(labels.missing)}.`,
    );
  const made = [...fields.missing, ...plan.choices];
  if (fields.known.length > 0) said.push(`Fields that are there as well: ${named(fields.known)}.`);
  if (made.length > 0) said.push(`Fields and choices that are made there: ${named(made)}.`);
  if (plan.people.length > 0) {
    const people = named(plan.people.map((id) => names.member(id) || 'someone'));
    said.push(
      `Not in ${names.space}: ${people}. ${plan.people.length === 1 ? 'The name stays' : 'The names stay'} on ${names.cards === 1 ? 'the card' : 'the cards'}, and ${plan.people.length === 1 ? 'this person' : 'these people'} cannot see it there.`,
    );
  }
  if (plan.unreachable.length > 0) {
    const more = plan.moreUnreachable > 0 ? ` and ${plan.moreUnreachable} more` : '';
    said.push(
      `Links that lead out of ${names.space}, where not everybody can follow: ${named(plan.unreachable)}${more}.`,
    );
  }
  if (plan.filesAway > 0)
    said.push(
      names.copy
        ? `${count(plan.filesAway, 'file')} ${plan.filesAway === 1 ? 'has' : 'have'} not arrived on this computer yet and cannot be shown there. Wait until it has, or copy without.`
        : `${count(plan.filesAway, 'file')} ${plan.filesAway === 1 ? 'has' : 'have'} not arrived on this computer yet: a computer that has it brings it there.`,
    );
  return said;
}

const MOST = 8;

function named(names: readonly string[]): string {
  const shown = names.slice(0, MOST).map((name) => name || 'without a name');
  return shown.join(', ') + (names.length > MOST ? ` and ${names.length - MOST} more` : '');
}
