// Tells which posts were on screen for half a second in a window that somebody looks at (T3). It marks nothing itself.
import type { Clock } from '../../../../shared/base/clock.ts';
import type { Disposable } from '../../../../shared/base/disposable.ts';

/** Milliseconds. */
const LONG_ENOUGH = 500;

interface Parts {
  readonly clock: Clock;
  /** What the posts scroll in. */
  readonly root: () => HTMLElement | null;
  readonly onseen: (post: string) => void;
}

/** An attachment for the element that holds the posts (`[data-post]`). */
export function postsInSight({ clock, root, onseen }: Parts): (element: HTMLElement) => () => void {
  return (element) => {
    const timers = new Map<Element, Disposable>();
    const inSight = new Set<Element>();
    const forget = (post: Element): void => {
      timers.get(post)?.dispose();
      timers.delete(post);
    };
    const looks = (): boolean => document.visibilityState === 'visible' && document.hasFocus();
    const begin = (post: Element): void => {
      if (timers.has(post) || !looks()) return;
      timers.set(
        post,
        clock.after(LONG_ENOUGH, () => {
          timers.delete(post);
          if (looks() && inSight.has(post) && post instanceof HTMLElement) onseen(post.dataset['post'] ?? '');
        }),
      );
    };
    const sight = new IntersectionObserver(
      (entries) => {
        for (const { target, intersectionRatio, intersectionRect, rootBounds } of entries) {
          // Half of it, or half of the window where it is longer than that.
          const seen = intersectionRatio >= 0.5 || intersectionRect.height >= (rootBounds?.height ?? Infinity) / 2;
          if (seen) {
            inSight.add(target);
            begin(target);
          } else {
            inSight.delete(target);
            forget(target);
          }
        }
      },
      { root: root(), threshold: [0, 0.25, 0.5, 0.75, 1] },
    );
    const follow = (): void => {
      for (const post of element.querySelectorAll('[data-post]')) sight.observe(post);
      for (const post of [...inSight]) if (!post.isConnected) inSight.delete(post);
    };
    const changes = new MutationObserver(follow);
    changes.observe(element, { childList: true });
    follow();
    const looked = (): void => {
      if (looks()) for (const post of inSight) begin(post);
      else for (const post of [...timers.keys()]) forget(post);
    };
    window.addEventListener('focus', looked);
    window.addEventListener('blur', looked);
    document.addEventListener('visibilitychange', looked);
    return () => {
      sight.disconnect();
      changes.disconnect();
      for (const post of [...timers.keys()]) forget(post);
      window.removeEventListener('focus', looked);
      window.removeEventListener('blur', looked);
      document.removeEventListener('visibilitychange', looked);
    };
  };
}
