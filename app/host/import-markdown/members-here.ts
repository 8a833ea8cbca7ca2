// Who of an export is who here: the same member, else the one member of that name, else somebody kept by name. It writes nothing.

export interface Members {
  /** Whether somebody here has this id. */
  readonly isHere: (id: string) => boolean;
  /** The one member of that name, or null. */
  readonly named: (name: string) => string | null;
}

/** Two of one name in an export are two people: neither is taken for the member of that name. */
export function membersHere(
  people: ReadonlyMap<string, string>,
  members: Members,
): { readonly member: (id: string) => string; readonly kept: ReadonlyMap<string, string> } {
  const times = new Map<string, number>();
  for (const [id, name] of people) if (!members.isHere(id)) times.set(name, (times.get(name) ?? 0) + 1);
  const here = new Map<string, string>();
  const kept = new Map<string, string>();
  for (const [id, name] of people) {
    if (members.isHere(id) || name === '') continue;
    const same = times.get(name) === 1 ? members.named(name) : null;
    if (same === null) kept.set(id, name);
    else here.set(id, same);
  }
  return { member: (id) => here.get(id) ?? id, kept };
}
