// `doctor`: looks at all that this environment speaks of, part by part, and says what is well, what is not, and what mends it.
// It never hangs and never throws: what cannot be reached is a finding. In the end all is as it was.

import { readMachine } from '../machine.ts';
import { type Duration, minute, second } from '../rig/duration.ts';
import type { Quarantined } from '../rig/quarantine.ts';
import { chooseParts, type NotLooked, type Part } from './choose-parts.ts';
import type { Desk } from './desk.ts';
import { type Finding, wrong } from './finding.ts';
import { examineFleet } from './fleet/examine-fleet.ts';
import { examineHost } from './host.ts';
import { type OpenFleet, openFleet } from './open-fleet.ts';
import { lookAtProbe } from './probe/look-at-probe.ts';
import type { DoctorWish } from './read-words.ts';
import { ownOf, readAll } from './readings.ts';
import { examineRedis } from './redis/examine-redis.ts';
import { examineSlack } from './slack/examine-slack.ts';
import type { Visit } from './visit.ts';
import { within } from './within.ts';

/** Longer than what each part waits for by itself. */
const limits = {
  redis: 30 * second,
  host: 2 * minute,
  fleet: 15 * second,
  slack: 30 * second,
} as const satisfies Partial<Record<Part, Duration>>;

/** Gives what was left out, and why. */
export const runDoctor = async (wish: DoctorWish, desk: Desk): Promise<readonly NotLooked[]> => {
  const { environment, version, signal } = desk;
  const { looked, notLooked } = chooseParts(wish, environment);
  const machine = await readMachine();
  const readings = readAll(environment, machine, looked);
  const own = ownOf(environment, machine, version, readings);
  const looks = (part: Part): boolean => looked.has(part) && !signal.aborted;
  const visit: Visit = { wish, desk, machine, readings, own, looks, notLooked: [...notLooked] };
  await desk.show('environment', looked.size === 0 ? [saysNothing] : readings.faults);
  // It waits for Slack, and nothing else waits for it.
  const slack = looks('slack') ? lookAtSlack(visit) : undefined;
  const fleet = looks('redis') ? await open(visit) : undefined;
  try {
    await lookAtRedis(visit, fleet);
    await lookAtHost(visit, fleet);
    await lookAtFleet(visit, fleet);
    if (slack) await desk.show('slack', await slack);
    await lookAtProbe(visit, fleet);
  } finally {
    fleet?.close();
  }
  return visit.notLooked;
};

const saysNothing: Finding = wrong(
  'configuration',
  'this environment speaks of no host, no bot and no Redis, so that there is nothing to look at',
  'run it where .env is (`docker compose run --rm worker doctor`), or say what this is: `doctor host`',
);

const open = async ({ desk, readings: { redis } }: Visit): Promise<OpenFleet | undefined> => {
  if (redis.kind === 'faults') return undefined;
  desk.progress('Redis is asked');
  return openFleet(redis.config);
};

const lookAtSlack = (visit: Visit): Promise<readonly Finding[]> => {
  const { slack } = visit.readings;
  // What is wrong there is said with the environment.
  if (slack.kind === 'faults') {
    visit.notLooked.push({ part: 'slack', why: 'what it takes is not right in the environment' });
    return Promise.resolve([]);
  }
  const { scopes, signal } = visit.desk;
  return within('slack', limits.slack, () => examineSlack(slack.config, scopes), signal);
};

const lookAtRedis = async (
  { desk, looks, readings: { redis }, notLooked }: Visit,
  fleet: OpenFleet | undefined,
): Promise<void> => {
  if (!looks('redis')) return;
  if (fleet === undefined || redis.kind === 'faults') {
    notLooked.push({ part: 'redis', why: 'what it takes is not right in the environment' });
    return;
  }
  const look = () => examineRedis(redis.config, fleet.reached);
  await desk.show('redis', await within('redis', limits.redis, look, desk.signal));
};

const lookAtHost = async (
  { desk, looks, readings: { worker: reading }, machine }: Visit,
  fleet: OpenFleet | undefined,
): Promise<void> => {
  if (!looks('host') || reading === undefined) return;
  desk.progress('this host, its engine and its LAN are asked');
  const look = async () => {
    const dockerHost = desk.environment.DOCKER_HOST?.trim() || undefined;
    const lan = reading.kind === 'ok' ? reading.config.network.lan : undefined;
    const maps = (await fleet?.registry?.addresses.map().catch(() => [])) ?? [];
    const here = maps.filter((map) => map.lan === lan);
    // Also those of other doctors' probe rigs.
    const heldElsewhere = new Set(
      here.flatMap(({ held, quarantined }) => [...held.keys(), ...ofDoctors(quarantined)]),
    );
    return examineHost({ reading, machine, dockerHost, heldElsewhere });
  };
  await desk.show('host', await within('host', limits.host, look, desk.signal));
};

const ofDoctors = (quarantined: ReadonlyMap<string, Quarantined>): readonly string[] =>
  [...quarantined].flatMap(([address, { why }]) => (why === 'doctor' ? [address] : []));

const lookAtFleet = async (
  { desk, looks, own, notLooked }: Visit,
  fleet: OpenFleet | undefined,
): Promise<void> => {
  if (!looks('fleet')) return;
  if (fleet?.registry === undefined || fleet.reached.kind === 'unreached') {
    notLooked.push({ part: 'fleet', why: 'Redis is out of reach' });
    return;
  }
  const places = { registry: fleet.registry, examiner: fleet.reached.examiner };
  const look = () => examineFleet(places, own);
  await desk.show('fleet', await within('fleet', limits.fleet, look, desk.signal));
};
