// There was no probe rig: why, and what to do about it. Pure.

import { assertNever } from '../../rig/assert-never.ts';
import type { HostName } from '../../rig/rig.ts';
import { listText, shortTime } from '../figures.ts';
import { doubtful, type Finding, wrong } from '../finding.ts';
import type { Failed, NoProbe, NotStarted } from './facts.ts';

const check = 'probe-rig';

const fails: ReadonlySet<NoProbe['kind']> = new Set(['fault', 'address-in-use', 'ended', 'not-ready']);
const isFailed = (why: NoProbe): why is Failed => fails.has(why.kind);

export const checkNoProbe = (why: NoProbe, host: HostName): Finding => {
  if (isFailed(why)) return wrong(check, ...failed(why));
  const [reason, mend] = notStarted(why, host);
  return doubtful(check, `no probe rig was started: ${reason}`, mend);
};

type Told = readonly [what: string, mend: string];

const notStarted = (why: NotStarted, host: HostName): Told => {
  const upAgain = '`docker compose up -d worker`, then the doctor again';
  const soon = 'the doctor again in a minute';
  switch (why.kind) {
    case 'no-worker':
      return [`${host} has not joined the fleet yet`, upAgain];
    case 'other-lan':
      return [
        `the worker of ${host} is on the LAN ${why.lan}, and this environment speaks of another`,
        upAgain,
      ];
    case 'other-doctor':
      return [`another doctor has one on ${host}`, soon];
    case 'no-address': {
      const lost = 'the registry was lost or restored, and nothing is given out on this LAN meanwhile';
      if (why.adopting) return [lost, soon];
      return [
        `no address of ${host} is free`,
        '`/wcs addresses` in Slack shows who has them; the doctor again when one is free, or `--no-probe`',
      ];
    }
    case 'no-image':
      return [`the image ${why.reference} is not on this engine`, `\`docker pull ${why.reference}\``];
    case 'ports-taken':
      return [
        `something listens on ${listText(why.ports.map(String))} of ${host} already, a rig most likely`,
        'the doctor again when no rig runs there; `sudo ss -ltnp` on the host says who it is',
      ];
    case 'interrupted':
      return ['the doctor was broken off', 'the doctor again'];
    default:
      return assertNever(why);
  }
};

const failed = (why: Failed): Told => {
  switch (why.kind) {
    case 'fault':
      return [
        `a probe rig could not be started: ${why.detail}`,
        'what is said of this host above; `docker compose logs worker`',
      ];
    case 'address-in-use':
      return [
        `Docker says that ${why.address} is in use on this host, though no rig has it`,
        '`docker network inspect` shows which container has it: remove that one',
      ];
    case 'ended':
      return [
        `the probe rig ended before it listened${why.last === undefined ? '' : `; its last line: ${why.last}`}`,
        'start a rig of this image by hand, with `docker run`, and read its log',
      ];
    case 'not-ready':
      return [
        `the probe rig did not listen on ${listText(why.missing.map(String))} within ${shortTime(why.waited)}`,
        'more time in WCS_READY_TIMEOUT, or other ports in WCS_READY_PORTS, if the image wants them',
      ];
    default:
      return assertNever(why);
  }
};
