// A host that has containers of rigs which live on another host was perhaps given another name: its operators are told.

import type { Notices } from '../ports/audit.ts';
import type { ReconcileStep } from '../rig/reconcile.ts';
import type { HostName } from '../rig/rig.ts';
import { daily } from './tell-notices.ts';

export const noteMoved = async <Kept>(
  { notices }: { readonly notices: Pick<Notices, 'put'> },
  host: HostName,
  plan: readonly ReconcileStep<Kept>[],
): Promise<void> => {
  const moved = plan.flatMap((step) => (step.kind === 'watch' && step.of !== undefined ? [step.of] : []));
  for (const [of, all] of Map.groupBy(moved, (one) => one))
    await notices.put({ kind: 'moved-containers', host, of, count: all.length }, daily);
};
