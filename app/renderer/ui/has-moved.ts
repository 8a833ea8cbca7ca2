// Whether a pointer chose something by moving: a list that opens, or becomes another, under one that rests keeps its own place.

export function hasMoved({ movementX, movementY }: MouseEvent): boolean {
  return movementX !== 0 || movementY !== 0;
}
