// The call behind the insights: rows of what I may read go into pure figures. It reads no document and asks no clock.
import { AppError } from '../../../shared/base/app-error.ts';
import type { CallHandlers } from '../call-handlers.ts';
import { figuresOf, weekOf } from '../insights/figures.ts';
import { knownSpace } from './space-calls.ts';

export const insightCalls = {
  async 'insights.read'(host, { workspace: id, space, week: day }) {
    const workspace = space === null ? host.workspaces.get(id) : knownSpace(host, id, space);
    if (space !== null && !workspace.mayRead(space)) {
      throw new AppError('not-found', 'This space is not on this computer. Nothing was counted.');
    }
    const week = weekOf(day);
    if (week === null) throw new AppError('bad-input', 'This is no day. Nothing was counted. Say it as 2026-11-29.');
    const readable = workspace.spaces().flatMap((one) => (workspace.mayRead(one.id) ? [one.id] : []));
    const rows = readable.flatMap((one) => [...host.doings.in(id, one)]);
    const spaces = space === null ? readable : [space];
    return {
      ...figuresOf({ rows, spaces, people: workspace.log.facts.people, week }),
      waiting: host.doings.waiting,
    };
  },
} satisfies Partial<CallHandlers>;
