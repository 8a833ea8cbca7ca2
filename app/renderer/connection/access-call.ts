// Calls about access by their own table; a host that does not know one yet says so like any other failure.
import { AppError } from '../../../shared/base/app-error.ts';
import {
  ACCESS_CALLS,
  type AccessCallName,
  type AccessCallParams,
  type AccessCallResult,
} from '../../contract/access.ts';
import { CALLS } from '../../contract/calls.ts';
import type { HostConnection } from './host-connection.ts';

export async function askAccess<N extends AccessCallName>(
  connection: HostConnection,
  name: N,
  params: AccessCallParams<N>,
): Promise<AccessCallResult<N>> {
  if (!Object.hasOwn(CALLS, name)) {
    throw new AppError('unsupported', 'This version of Caravan cannot do that. Nothing was changed.');
  }
  const answer: unknown = await connection.call(name as never, params as never);
  return ACCESS_CALLS[name].result.parse(answer) as AccessCallResult<N>;
}
