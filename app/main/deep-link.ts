// The shape of `caravan://` links that the operating system hands over; what a link says is judged by the host.

const LONGEST = 10_000;
const HOSTS: ReadonlySet<string> = new Set(['join', 'device', 'peer']);
const FRAGMENT = /^#[\w.~%&=+:!'()*-]+$/;

/** The link in its canonical form, or null for anything but `caravan://join#...`, `caravan://device#...` and `caravan://peer#...` without credentials, path or query. */
export function readJoinLink(text: string): string | null {
  if (text.length > LONGEST || !URL.canParse(text)) return null;
  const url = new URL(text);
  const plain = url.username === '' && url.password === '' && url.port === '' && url.search === '';
  if (url.protocol !== 'caravan:' || !HOSTS.has(url.host) || !plain) return null;
  if (url.pathname !== '' && url.pathname !== '/') return null;
  // Parsing escapes what does not belong in a URL; a link of ours needs no such mending, so it must be there as it stands.
  return text.endsWith(url.hash) && FRAGMENT.test(url.hash) ? `caravan://${url.host}${url.hash}` : null;
}
