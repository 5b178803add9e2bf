// What the handlers of commands and clicks work with.

import type { WebClient } from '@slack/web-api';
import type { LaunchPolicy, LaunchPorts } from '../control/launch-rig.ts';
import type { NotePorts } from '../control/note-act.ts';
import type { PasswordPorts } from '../control/tell-password.ts';
import type { Addresses, Breaker } from '../ports/hosts.ts';
import type { Log } from '../ports/log.ts';
import type { Homes, Uses } from '../ports/registry.ts';
import type { Duration } from '../rig/duration.ts';
import type { Access } from './access.ts';
import type { EveningOf } from './evening.ts';
import type { People } from './people.ts';
import type { Destinations } from './tell/destination.ts';
import type { PostThere } from './tell/post-there.ts';
import type { HomeTab } from './views/home-tab.ts';

export type SlackPorts = LaunchPorts &
  PasswordPorts &
  NotePorts & {
    readonly uses: Uses;
    readonly homes: Homes;
    readonly addresses: Addresses;
    readonly breaker: Breaker;
  };

export type World = {
  readonly ports: SlackPorts;
  readonly policy: LaunchPolicy;
  /** `ssh root@{ip}` */
  readonly ssh: string;
  readonly client: WebClient;
  readonly destinations: Destinations;
  readonly postThere: PostThere;
  readonly people: People;
  /** What was seen of a rig's use counts for so long. */
  readonly useFresh: Duration;
  /** 18:00 in this person's zone is still to come, and soon enough to make sense; false where Slack does not say. */
  readonly eveningOf: EveningOf;
  readonly access: Access;
  readonly home: HomeTab;
  readonly log: Log;
};
