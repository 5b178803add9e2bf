// What reconciling works with.

import type { Notices } from '../ports/audit.ts';
import type { Addresses, Breaker, Hosts } from '../ports/hosts.ts';
import type { Log } from '../ports/log.ts';
import type { Epochs, Surveys } from '../ports/surveys.ts';
import type { Duration } from '../rig/duration.ts';
import type { ChangePorts } from './change-rig.ts';

export type ReconcilePorts = ChangePorts & {
  readonly hosts: Pick<Hosts, 'current'>;
  readonly surveys: Surveys;
  readonly addresses: Pick<Addresses, 'quarantined' | 'release'>;
  readonly epochs: Epochs;
  readonly breaker: Pick<Breaker, 'put' | 'clear'>;
  readonly notices: Pick<Notices, 'put'>;
  readonly log: Log;
};

export type ReconcilePolicy = {
  /** For how long what nobody knows is only watched. */
  readonly grace: Duration;
  /** An older survey says nothing of now. */
  readonly fresh: Duration;
  /** How long a LAN is in adoption at least. */
  readonly adoption: Duration;
  /** How long a rig that was up and is no more keeps its name and address for a restart. */
  readonly hold: Duration;
};
