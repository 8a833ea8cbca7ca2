// The shape of `caravan://` links that the operating system hands over; what a link says is judged by the host.

const LONGEST = 10_000;
const FRAGMENT = /^#[\w.~%&=+:!'()*-]+$/;

/** The link in its canonical form, or null for anything but `caravan://join#...` and `caravan://device#...` without credentials, path or query. */
export function readJoinLink(text: string): string | null {
  if (text.length > LONGEST || !URL.canParse(text)) return null;
  const url = new URL(text);
  const plain = url.username === '' && url.password === '' && url.port === '' && url.search === '';
  if (url.protocol !== 'caravan:' || (url.host !== 'join' && url.host !== 'device') || !plain) return null;
  if (url.pathname !== '' && url.pathname !== '/') return null;
  // Parsing escapes what does not belong in a URL; a link of ours needs no such mending, so it must be there as it stands.
  return text.endsWith(url.hash) && FRAGMENT.test(url.hash) ? `caravan://${url.host}${url.hash}` : null;
}
