// What was seen of Slack, before anything is judged.

import type { Check } from '../finding.ts';
import type { Heard, SlackSays } from './ask.ts';
import type { SocketSays } from './try-socket.ts';

export type WhoWeAre = {
  /** The bot's name, and the workspace's. */
  readonly user: string;
  readonly team: string;
  /** `undefined`: Slack does not say. */
  readonly appId: string | undefined;
};

export type ChannelSeen = { readonly isArchived: boolean };

export type SlackFacts = {
  readonly apiUrl: string;
  /** All that manifest.yml asks for. */
  readonly wanted: readonly string[];
  readonly bot: Heard<WhoWeAre>;
  readonly door:
    | { readonly kind: 'http' }
    /** `appId`: as the token names it. `socket`: none where the token is not taken. */
    | {
        readonly kind: 'socket';
        readonly token: SlackSays<unknown>;
        readonly appId: string | undefined;
        readonly socket: SocketSays | undefined;
      };
  /** The operators' channel; none is named. */
  readonly channel: { readonly id: string; readonly says: SlackSays<ChannelSeen> } | undefined;
};

export type SlackCheck = Check<SlackFacts>;
