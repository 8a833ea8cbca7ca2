// How large a picture may be that a window draws; the host says the same of what it shows (rule AT4).

/** Points: drawn, each takes four bytes of memory. */
export const LARGEST_DRAWN = 64_000_000;
