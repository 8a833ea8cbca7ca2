// The menu behind "@": people who may read this page, and days. It notifies nobody.
import AtSign from '@lucide/svelte/icons/at-sign';
import CalendarDays from '@lucide/svelte/icons/calendar-days';
import CalendarSearch from '@lucide/svelte/icons/calendar-search';
import { insertEmbed } from '../../../editor/commands/embeds.ts';
import type { EditorView } from 'prosemirror-view';
import type { MenuItem, TriggerSource } from '../../../editor/trigger-menu.ts';
import { matchTitle, prepare, queryWords } from '../../../window/match.ts';
import { nearDays } from '../../../window/near-days.ts';
import { dayWords, shortDay } from '../../../window/times.ts';
import type { LinkContext } from './link-context.ts';

const MOST_PEOPLE = 8;

/** @param pickDate shows a calendar at the caret; what is chosen there is put in. */
export function mentionSource(context: LinkContext, pickDate: (view: EditorView) => void): TriggerSource {
  return {
    name: 'mentions',
    trigger: '@',
    label: 'Mention a person or a day',
    longest: 40,
    items: (query) => [...people(context, query), ...days(context.now(), query), ...picker(query, pickDate)],
    watch: (changed) => context.onChange(changed),
  };
}

function people(context: LinkContext, query: string): MenuItem[] {
  const words = queryWords(query);
  return context
    .people()
    .flatMap((member) => {
      const match = matchTitle(words, prepare(member.name));
      return match ? [{ member, score: match.score }] : [];
    })
    .sort((a, b) => b.score - a.score || a.member.name.localeCompare(b.member.name))
    .slice(0, MOST_PEOPLE)
    .map(({ member }) => ({
      id: `member ${member.id}`,
      title: member.name,
      hint: member.me ? 'you' : member.role === 'guest' ? 'guest' : '',
      icon: AtSign,
      run: insertEmbed({ type: 'mention', member: member.id, ...context.said() }, { space: true }),
    }));
}

function days(now: number, query: string): MenuItem[] {
  return nearDays(now, query).map((date) => ({
    id: `date ${date}`,
    title: dayWords(date, now),
    hint: shortDay(date),
    icon: CalendarDays,
    run: insertEmbed({ type: 'date', date }, { space: true }),
  }));
}

function picker(query: string, pickDate: (view: EditorView) => void): MenuItem[] {
  const typed = query.trim().toLowerCase();
  const isMeant = ['', ...prefixes('date'), ...prefixes('pick a date'), ...prefixes('calendar')].includes(typed);
  if (!isMeant && !/^\d{1,4}(?:-\d{0,2}){0,2}$/.test(typed)) return [];
  const run: MenuItem['run'] = (_state, dispatch, view) => {
    if (dispatch && view) pickDate(view);
    return true;
  };
  return [{ id: 'pick', title: 'Pick a date…', hint: '2026-12-24', icon: CalendarSearch, run }];
}

function prefixes(word: string): readonly string[] {
  return Array.from(word, (_, at) => word.slice(0, at + 1));
}
