// The window's place as a read-through view of its address, and the way to another place.
import { createSubscriber } from 'svelte/reactivity';
import { on } from 'svelte/events';
import { formatRoute, parseRoute, type Route } from './route.ts';

export class Router {
  readonly #window: Window;
  readonly #subscribe: () => void;

  constructor(window: Window) {
    this.#window = window;
    this.#subscribe = createSubscriber((update) => on(window, 'hashchange', update));
  }

  get route(): Route {
    this.#subscribe();
    return parseRoute(this.#window.location.hash);
  }

  /** Asked later: is the window still at the place of now? Who has gone on meanwhile is not taken back by an answer that came late. */
  here(): () => boolean {
    const { hash } = this.#window.location;
    return () => this.#window.location.hash === hash;
  }

  go(route: Route): void {
    this.#window.location.hash = formatRoute(route);
  }

  /** Another place instead of this one: going back skips it. */
  replace(route: Route): void {
    const { pathname, search } = this.#window.location;
    this.#window.history.replaceState(null, '', `${pathname}${search}${formatRoute(route)}`);
    this.#window.dispatchEvent(new HashChangeEvent('hashchange'));
  }
}
