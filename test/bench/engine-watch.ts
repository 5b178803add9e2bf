// Watches an engine without asking it anything while it is being measured: it tells its events by itself, with the times by
// its own clock, which is the machine's and so ours.

import { type ClientRequest, request } from 'node:http';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { askEngine } from '../../src/demo/find-engine.ts';

/** By its labels and name as the event has them. `at`: milliseconds since 1970, to the microsecond. */
export type Seen = {
  readonly action: string;
  readonly container: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly at: number;
};

export type EngineWatch = {
  /** The first event since `since` (milliseconds since 1970) that fits; waits for it at most a minute. */
  readonly first: (action: string, since: number, fits: (seen: Seen) => boolean) => Promise<Seen>;
  readonly stop: () => void;
};

const eventSchema = z.object({
  Action: z.string(),
  Actor: z.object({ ID: z.string(), Attributes: z.record(z.string(), z.string()) }),
  timeNano: z.number(),
});

const patience = 60_000;

/** `dockerHost`: `unix://PATH`. Throws if its events end by themselves while somebody waits. */
export const watchEngine = async (dockerHost: string): Promise<EngineWatch> => {
  const seen: Seen[] = [];
  const listeners = new Set<() => void>();
  const asked = await openEvents(dockerHost, (one) => {
    seen.push(one);
    for (const listener of [...listeners]) listener();
  });
  return {
    first: (action, since, fits) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          listeners.delete(look);
          reject(new Error(`the engine told of no ${action} in ${patience} ms`));
        }, patience);
        const look = (): void => {
          const found = seen.find((one) => one.action === action && one.at >= since && fits(one));
          if (!found) return;
          clearTimeout(timer);
          listeners.delete(look);
          resolve(found);
        };
        listeners.add(look);
        look();
      }),
    stop: () => asked.destroy(),
  };
};

const openEvents = (dockerHost: string, onSeen: (seen: Seen) => void): Promise<ClientRequest> => {
  const filters = encodeURIComponent(JSON.stringify({ type: ['container'], event: ['start', 'destroy'] }));
  const { pathname: socketPath } = new URL(dockerHost);
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, path: `/events?filters=${filters}` }, (answer) => {
      const lines = createInterface(answer);
      lines.on('line', (line) => {
        const { Action, Actor, timeNano } = eventSchema.parse(JSON.parse(line));
        onSeen({ action: Action, container: Actor.ID, attributes: Actor.Attributes, at: timeNano / 1e6 });
      });
      lines.on('error', () => undefined); // our own end of it
      resolve(asked);
    });
    asked.on('error', reject).end();
  });
};

const inspectedSchema = z.object({
  State: z.object({ StartedAt: z.iso.datetime() }),
  Config: z.object({ Env: z.array(z.string()), Labels: z.record(z.string(), z.string()) }),
  Image: z.string(),
  HostConfig: z.record(z.string(), z.unknown()),
  NetworkSettings: z.object({ Networks: z.record(z.string(), z.unknown()) }),
});

export type Inspected = z.infer<typeof inspectedSchema>;

export const inspect = async (dockerHost: string, container: string): Promise<Inspected> => {
  const { status, body } = await askEngine(dockerHost, 'GET', `/containers/${container}/json`, 10_000);
  if (status !== 200) throw new Error(`the container ${container} cannot be looked at: ${body}`);
  return inspectedSchema.parse(JSON.parse(body));
};

/** State.StartedAt, in milliseconds since 1970. Asked after the fact. */
export const startedAt = async (dockerHost: string, container: string): Promise<number> =>
  Date.parse((await inspect(dockerHost, container)).State.StartedAt);
