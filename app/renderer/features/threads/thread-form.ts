// What stands in the form of a new thread beside its text, as words that a draft keeps. Pure; what cannot be read is no form.
import { THREAD_TYPES, type ThreadType } from '../../../../shared/model/thread/facts.ts';

export interface ThreadForm {
  readonly type: ThreadType;
  readonly title: string;
  readonly choices: readonly string[];
  readonly multiple: boolean;
  readonly anonymous: boolean;
  /** A day, or ''. */
  readonly until: string;
  readonly confirm: boolean;
}

/** '' where nothing was typed: a type and ticks alone are no draft. */
export function formText({ type, title, choices, multiple, anonymous, until, confirm }: ThreadForm): string {
  if (title === '' && choices.every((one) => one === '')) return '';
  return JSON.stringify({ type, title, choices, multiple, anonymous, until, confirm });
}

export function formOf(text: string): ThreadForm | null {
  let said: unknown;
  try {
    said = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof said !== 'object' || said === null) return null;
  const { type, title, choices, multiple, anonymous, until, confirm } = said as Record<string, unknown>;
  const words = Array.isArray(choices) ? (choices as unknown[]).filter((one) => typeof one === 'string') : [];
  return {
    type: THREAD_TYPES.find((one) => one === type) ?? 'discussion',
    title: typeof title === 'string' ? title : '',
    choices: words.length < 2 ? ['', ''] : words.slice(0, 50),
    multiple: multiple === true,
    anonymous: anonymous === true,
    until: typeof until === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(until) ? until : '',
    confirm: confirm === true,
  };
}
