// Where something stands in the window, for what is drawn beside it.

/** CSS pixels of the window. */
export interface ViewportRect {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}
