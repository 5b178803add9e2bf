// What hosts saw on their addresses becomes what is set aside and what comes back; operators are told, once for each.

import type { Notices } from '../ports/audit.ts';
import type { Clock } from '../ports/clock.ts';
import type { Addresses } from '../ports/hosts.ts';
import type { Log } from '../ports/log.ts';
import type { Epochs } from '../ports/surveys.ts';
import { type Duration, hour, type Instant } from '../rig/duration.ts';
import {
  type Judgement,
  judgeAddresses,
  type Quarantined,
  type QuarantinePolicy,
} from '../rig/quarantine.ts';
import type { LanId } from '../rig/rig.ts';
import { daily } from './tell-notices.ts';

export type JudgePorts = {
  readonly addresses: Addresses;
  readonly epochs: Pick<Epochs, 'adopting'>;
  readonly notices: Notices;
  readonly clock: Clock;
  readonly log: Log;
};

/** Told again and again for so long, since a bot may die between the quarantine and its notice; a cause is told once. */
const toldFor: Duration = hour;

/** One look at all LANs. */
export const judgeAll = async (ports: JudgePorts, policy: QuarantinePolicy): Promise<void> => {
  const { addresses, epochs, clock } = ports;
  const [sightings, sets, adopting] = await Promise.all([
    addresses.sightings(),
    addresses.quarantined(),
    epochs.adopting(),
  ]);
  const now = clock.now();
  const byLan = Map.groupBy(sightings, ({ lan }) => lan);
  for (const lan of new Set([...byLan.keys(), ...sets.keys()])) {
    // Rigs of ours that are not known again yet answer like strangers.
    if (adopting.has(lan)) continue;
    const set = sets.get(lan) ?? new Map<string, Quarantined>();
    const judgement = judgeAddresses(byLan.get(lan) ?? [], set, now, policy);
    await apply(ports, lan, judgement);
    await tell(ports, lan, set, judgement, now);
  }
};

const apply = async (
  { addresses, log }: JudgePorts,
  lan: LanId,
  { quarantine, lift }: Judgement,
): Promise<void> => {
  for (const { address, entry } of quarantine) {
    // A rig of ours may have got it meanwhile: then it was no stranger, or Docker will say so.
    if ((await addresses.quarantine(lan, address, entry)) === 'quarantined')
      log.warn({ lan, address, ...entry }, 'an address is set aside');
  }
  for (const address of lift) {
    if ((await addresses.release(lan, address, 'answered')) === 'released')
      log.info({ lan, address }, 'an address is back');
  }
};

const tell = async (
  { addresses, notices }: JudgePorts,
  lan: LanId,
  before: ReadonlyMap<string, Quarantined>,
  { quarantine, proxies }: Judgement,
  now: Instant,
): Promise<void> => {
  for (const proxy of proxies) await notices.put({ kind: 'proxy-arp', lan, ...proxy }, daily);
  const set = quarantine.length === 0 ? before : ((await addresses.quarantined()).get(lan) ?? before);
  for (const [address, entry] of set) {
    const { why, at, host, mac } = entry;
    // Whoever forgot a host knows, and so does whoever asked the doctor.
    if (
      why === 'host-vanished' ||
      why === 'doctor' ||
      now - at > toldFor ||
      proxies.some((proxy) => proxy.mac === mac)
    )
      continue;
    await notices.put({ kind: 'address-taken', lan, address, host, why, mac }, daily);
  }
};
