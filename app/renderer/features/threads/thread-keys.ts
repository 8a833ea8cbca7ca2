// The keys of a thread (T2): which key asks for what. Pure; keys that are typed into a field, or held with others, ask for nothing.

export type ThreadKey =
  'next-post' | 'previous-post' | 'next-thread' | 'reply' | 'quote' | 'edit' | 'unread-from' | 'back';

const KEYS: Readonly<Record<string, ThreadKey>> = Object.freeze({
  j: 'next-post',
  k: 'previous-post',
  n: 'next-thread',
  r: 'reply',
  q: 'quote',
  e: 'edit',
  u: 'unread-from',
  b: 'back',
});

export function threadKey(event: KeyboardEvent): ThreadKey | null {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return null;
  const { target } = event;
  if (target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)))
    return null;
  return document.querySelector('dialog[open]') ? null : (KEYS[event.key] ?? null);
}
