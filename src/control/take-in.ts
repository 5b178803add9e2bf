// Takes in what a host has, with its news and its line in the audit.

import type { Adoption } from '../ports/registry.ts';
import { adoptionAudit } from '../rig/audit.ts';
import { type News, numberNews } from '../rig/news.ts';
import type { ReconcilePorts } from './reconcile-parts.ts';
import { wakeTeller } from './wake-teller.ts';

export type Taking = Omit<Parameters<ReconcilePorts['rigs']['adopt']>[0], 'told' | 'audit'>;

export const takeIn = async (
  ports: ReconcilePorts,
  taking: Taking,
  news: readonly News[],
): Promise<Adoption> => {
  const { rig, version } = taking;
  const outcome = await ports.rigs.adopt({
    ...taking,
    told: numberNews(rig, version, news),
    audit: adoptionAudit(rig, ports.clock.now()),
  });
  if (outcome.kind !== 'adopted') return outcome;
  ports.log.info(
    { rig: rig.id, name: rig.name, host: rig.host, state: rig.state.kind },
    'taken in from its host',
  );
  await wakeTeller(ports.jobs, rig.id);
  return outcome;
};
