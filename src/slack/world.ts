// What the handlers of commands and clicks work with.

import type { WebClient } from '@slack/web-api';
import type { LaunchPolicy, LaunchPorts } from '../control/launch-rig.ts';
import type { PasswordPorts } from '../control/tell-password.ts';
import type { Log } from '../ports.ts';
import type { Destinations } from './destination.ts';
import type { PostThere } from './post-there.ts';

export type SlackPorts = LaunchPorts & PasswordPorts;

export type World = {
  readonly ports: SlackPorts;
  readonly policy: LaunchPolicy;
  /** `ssh root@{ip}` */
  readonly ssh: string;
  readonly client: WebClient;
  readonly destinations: Destinations;
  readonly postThere: PostThere;
  readonly log: Log;
};
