// The doctor's last check: a rig of its own, that others are asked to reach. Whatever happens, it is taken back.
//
// INVARIANTS
// - Its address is set aside while it lasts, with the doctor's own reason: no rig gets it, and what a doctor that was killed
//   left can be seen, and is cleared by the next one.
// - Only one doctor at a time probes on a host, so that nobody clears what another one is using.

import { setTimeout as delay } from 'node:timers/promises';
import { silent } from '../../ports/log.ts';
import { type Duration, second } from '../../rig/duration.ts';
import { isSameHost } from '../../rig/host.ts';
import { createUndo, type Undo } from '../../undo.ts';
import { shortTime } from '../figures.ts';
import type { Finding } from '../finding.ts';
import { askHost, othersOnLan, portsToTry } from './ask-others.ts';
import { checkProbe } from './checks.ts';
import type { NoProbe, Probed, ProbeFacts } from './facts.ts';
import type { ProbePlaces, ProbeWish } from './places.ts';
import { startProbeRig } from './start-rig.ts';
import { clearLeftovers, takeAddress } from './take-address.ts';

/** What is found on the way, so that it is known wherever the probe ends. */
type Notes = { cleared: readonly string[]; address: string | undefined };

export const runProbe = async (places: ProbePlaces, wish: ProbeWish): Promise<readonly Finding[]> => {
  const { host, network } = places.config;
  const faults: string[] = [];
  const undo = createUndo(silent, (error) => faults.push(wordsOf(error)));
  const notes: Notes = { cleared: [], address: undefined };
  let outcome: ProbeFacts['outcome'];
  try {
    outcome = await probe(places, wish, undo, notes);
  } catch (error) {
    outcome = none(whyNone(error, wish.signal));
  }
  wish.progress('the probe rig is taken back');
  await undo.all();
  const left = faults.length === 0 ? undefined : { address: notes.address, faults };
  return checkProbe({ host, mode: network.mode, outcome, cleared: notes.cleared, left });
};

const whyNone = (error: unknown, { aborted, reason }: AbortSignal): NoProbe => {
  if (!aborted) return { kind: 'fault', detail: wordsOf(error) };
  const isLate = reason instanceof DOMException && reason.name === 'TimeoutError';
  return isLate ? { kind: 'fault', detail: 'it took too long' } : { kind: 'interrupted' };
};

const none = (why: NoProbe): ProbeFacts['outcome'] => ({ kind: 'none', why });

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const probe = async (
  places: ProbePlaces,
  wish: ProbeWish,
  undo: Undo,
  notes: Notes,
): Promise<ProbeFacts['outcome']> => {
  const { config, registry, engine } = places;
  const registered = (await registry.hosts.list()).find(({ name }) => isSameHost(name, config.host));
  if (!registered) return none({ kind: 'no-worker' });
  const { lan } = registered.network;
  if (lan !== config.network.lan) return none({ kind: 'other-lan', lan });
  if (!(await takeTurn(places, wish, undo))) return none({ kind: 'other-doctor' });
  notes.cleared = await clearLeftovers(places);
  const reference = `${config.image.repository}:${config.image.tag}`;
  const image = await engine.localImage(reference);
  if (!image) return none({ kind: 'no-image', reference });
  wish.signal.throwIfAborted();
  const taken = await takeAddress(places, undo);
  if (taken.kind !== 'taken') return none(taken);
  notes.address = taken.address;
  const started = await startProbeRig(places, taken.address, image.id, wish);
  if (started.kind === 'none') return started;
  return { kind: 'probed', ...(await look(places, wish, taken.address, started)) };
};

/** A doctor that was killed a moment ago has its turn for a little longer. */
const takeTurn = async ({ config, examiner }: ProbePlaces, wish: ProbeWish, undo: Undo): Promise<boolean> => {
  const { session, signal, pace } = wish;
  const { turn } = pace;
  const take = (): Promise<boolean> => examiner.takeTurn(config.host, session, turn);
  const begun = performance.now();
  while (!(await take())) {
    if (performance.now() - begun > 1.1 * turn) return false;
    wish.progress('another doctor probes on this host, or did a moment ago');
    await delay(turn / 20, undefined, { signal });
  }
  // One word that is lost costs nothing, and where Redis is away the rest says so.
  const keeping = setInterval(() => void take().catch(() => undefined), turn / 4);
  undo.push(async () => {
    clearInterval(keeping);
    await examiner.giveTurn(config.host, session);
  });
  return true;
};

const look = async (
  places: ProbePlaces,
  wish: ProbeWish,
  address: string,
  { container, took }: { readonly container: string; readonly took: Duration },
): Promise<Omit<Probed, 'kind'>> => {
  const { pace } = wish;
  const ports = portsToTry(places.config.ready.ports);
  const { asked, unasked } = await othersOnLan(places);
  if (asked.length > 0)
    wish.progress(`${asked.map(({ name }) => name).join(', ')} tries to reach ${address}`);
  const isAlone = asked.length === 0 && places.config.network.mode !== 'bridge';
  const [self, others, colleagues] = await Promise.all([
    places.reach(address, ports, { each: pace.own, pause: pace.own / 4, all: pace.own / 2 }, wish.signal),
    Promise.all(asked.map((host) => askHost(places, host, address, wish))),
    isAlone ? awaitColleagues(places, wish, { address, container, ports }) : undefined,
  ]);
  return { address, took, ports, own: self, others, unasked, colleagues };
};

const awaitColleagues = async (
  { engine }: ProbePlaces,
  { wait, progress, signal }: ProbeWish,
  {
    address,
    container,
    ports,
  }: { readonly address: string; readonly container: string; readonly ports: readonly number[] },
): Promise<Probed['colleagues']> => {
  if (wait <= 0) return undefined;
  progress(`open https://${address}:${ports[0]} from where users sit: ${shortTime(wait)} (Ctrl-C ends it)`);
  const begun = performance.now();
  while (performance.now() - begun < wait && !signal.aborted) {
    const seen = await engine.probeRigs.peers(container, ports);
    if (seen.length > 0) return { waited: wait, seen };
    // Whoever ends the wait wants to know the rest all the same.
    await delay(second, undefined, { signal }).catch(() => undefined);
  }
  return { waited: Math.min(wait, performance.now() - begun), seen: [] };
};
