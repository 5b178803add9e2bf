// The queue in memory: jobs wait for their host's worker, a throw means again, a known job id changes nothing.

import type { Jobs, Reports } from '../../src/ports/queue.ts';
import type { Duration } from '../../src/rig/duration.ts';
import { type Job, jobId } from '../../src/rig/job.ts';
import type { Report } from '../../src/rig/report.ts';
import type { HostName, RigId } from '../../src/rig/rig.ts';

export type MemoryQueue = {
  readonly connectBot: (bot: {
    readonly onReport: (report: Report) => Promise<void>;
    readonly onWake: (rig: RigId) => Promise<void>;
  }) => { readonly jobs: Jobs };
  readonly connectWorker: (worker: {
    readonly host: HostName;
    readonly onJob: (job: Job, signal: AbortSignal) => Promise<void>;
  }) => { readonly reports: Reports; readonly close: () => void };
  /** Every job that was ever sent, in order. */
  readonly sent: readonly { readonly host: HostName; readonly job: Job }[];
  /** Resolves when nothing waits for a receiver that is there, and nothing runs. */
  readonly idle: () => Promise<void>;
};

type Line<T> = {
  readonly add: (item: T) => void;
  readonly open: (handle: (item: T) => Promise<void>) => void;
  readonly shut: () => void;
  /** Takes out the first that fits; false if none waits. */
  readonly take: (fits: (item: T) => boolean) => boolean;
  readonly idle: () => Promise<void>;
};

/** One after the other; what throws is tried again a little later, after the others. */
const createLine = <T>(retryAfter: Duration): Line<T> => {
  const waiting: T[] = [];
  let handle: ((item: T) => Promise<void>) | undefined;
  let work: Promise<void> = Promise.resolve();
  let busy = 0;
  const step = async () => {
    const receive = handle;
    const [item] = waiting.splice(0, receive ? 1 : 0);
    if (!receive || item === undefined) return;
    try {
      await receive(item);
    } catch {
      await new Promise((resolve) => setTimeout(resolve, retryAfter));
      waiting.push(item);
      schedule();
    }
  };
  const schedule = () => {
    busy += 1;
    work = work.then(step).finally(() => {
      busy -= 1;
    });
  };
  return {
    add: (item) => {
      waiting.push(structuredClone(item));
      schedule();
    },
    open: (receive) => {
      handle = receive;
      for (const _ of waiting) schedule();
    },
    shut: () => {
      handle = undefined;
    },
    take: (fits) => {
      const at = waiting.findIndex(fits);
      if (at === -1) return false;
      waiting.splice(at, 1);
      return true;
    },
    idle: async () => {
      while (busy > 0) await work;
    },
  };
};

/** `retryAfter`: how long after a throw the item is tried again. */
export const createMemoryQueue = (retryAfter: Duration = 1): MemoryQueue => {
  const hosts = new Map<string, Line<Job>>();
  const reports = createLine<Report>(retryAfter);
  const wakes = createLine<RigId>(retryAfter);
  const known = new Set<string>();
  const begun = new Set<string>();
  const sent: { host: HostName; job: Job }[] = [];
  const lineOf = (host: HostName): Line<Job> => {
    const key = host.toLowerCase();
    const line = hosts.get(key) ?? createLine<Job>(retryAfter);
    hosts.set(key, line);
    return line;
  };
  return {
    sent,
    connectBot: ({ onReport, onWake }) => {
      reports.open(onReport);
      wakes.open(onWake);
      return {
        jobs: {
          send: async (host, job) => {
            const id = `${host.toLowerCase()} ${jobId(job)}`;
            if (known.has(id)) return;
            known.add(id);
            sent.push({ host, job });
            lineOf(host).add(job);
          },
          withdraw: async (host, job) => {
            const id = `${host.toLowerCase()} ${jobId(job)}`;
            if (begun.has(id) || !lineOf(host).take((one) => jobId(one) === jobId(job))) return false;
            return known.delete(id);
          },
          forgetHost: async (host) => {
            while (lineOf(host).take(() => true));
            for (const id of known) if (id.startsWith(`${host.toLowerCase()} `)) known.delete(id);
          },
          wakeTeller: async (rig) => wakes.add(rig),
        },
      };
    },
    connectWorker: ({ host, onJob }) => {
      const ending = new AbortController();
      const line = lineOf(host);
      line.open((job) => {
        begun.add(`${host.toLowerCase()} ${jobId(job)}`);
        return onJob(job, ending.signal);
      });
      return {
        reports: { send: async (report) => reports.add(report) },
        close: () => {
          line.shut();
          ending.abort(new Error('this process ends'));
        },
      };
    },
    idle: async () => {
      // One may fill another, so that all have to be idle in one round.
      for (let round = 0; round < 3; round += 1) {
        for (const line of [...hosts.values(), reports, wakes]) await line.idle();
      }
    },
  };
};
