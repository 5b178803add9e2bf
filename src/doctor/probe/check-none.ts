// There was no probe rig: why, and what to do about it. Pure.

import { assertNever } from '../../rig/assert-never.ts';
import type { HostName } from '../../rig/rig.ts';
import { listText, shortTime } from '../figures.ts';
import { doubtful, type Finding, wrong } from '../finding.ts';
import type { NoProbe } from './facts.ts';

const check = 'probe-rig';

export const checkNoProbe = (why: NoProbe, host: HostName): Finding => {
  const none = 'no probe rig was started';
  switch (why.kind) {
    case 'no-worker':
      return doubtful(
        check,
        `${none}: ${host} has not joined the fleet yet`,
        '`docker compose up -d worker`, then the doctor again',
      );
    case 'other-lan':
      return doubtful(
        check,
        `${none}: the worker of ${host} is on the LAN ${why.lan}, and this environment speaks of another`,
        '`docker compose up -d worker`, then the doctor again',
      );
    case 'other-doctor':
      return doubtful(check, `${none}: another doctor has one on ${host}`, 'the doctor again in a minute');
    case 'no-address':
      return why.adopting
        ? doubtful(
            check,
            `${none}: the registry was lost or restored, and nothing is given out on this LAN meanwhile`,
            'the doctor again in a minute',
          )
        : doubtful(
            check,
            `${none}: no address of ${host} is free`,
            '`/wcs addresses` in Slack shows who has them; the doctor again when one is free, or `--no-probe`',
          );
    case 'no-image':
      return doubtful(
        check,
        `${none}: the image ${why.reference} is not on this engine`,
        `\`docker pull ${why.reference}\``,
      );
    case 'fault':
      return wrong(
        check,
        `a probe rig could not be started: ${why.detail}`,
        'what the host checks say above; `docker compose logs worker`',
      );
    case 'address-in-use':
      return wrong(
        check,
        `Docker says that ${why.address} is in use on this host, though no rig has it`,
        '`docker network inspect` shows which container has it: remove that one',
      );
    case 'ended':
      return wrong(
        check,
        `the probe rig ended before it listened${why.last === undefined ? '' : `; its last line: ${why.last}`}`,
        'start a rig of this image by hand, with `docker run`, and read its log',
      );
    case 'not-ready':
      return wrong(
        check,
        `the probe rig did not listen on ${listText(why.missing.map(String))} within ${shortTime(why.waited)}`,
        'more time in WCS_READY_TIMEOUT, or other ports in WCS_READY_PORTS, if the image wants them',
      );
    case 'interrupted':
      return doubtful(check, 'the probe rig was broken off', 'the doctor again');
    default:
      return assertNever(why);
  }
};
