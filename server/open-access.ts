// The access policy of `--open`: everybody may do everything. Whether that is acceptable is decided before it is made.
import { Emitter } from '../shared/base/emitter.ts';
import type { AccessPolicy } from '../shared/hub/access-policy.ts';

export const openAccess: AccessPolicy = {
  allows: () => true,
  onChange: new Emitter<void>().event,
};
