// The addresses of a rig's pages and doors. Ports and paths are Web Call Server's own (facts of the vendor's image).

import type { Rig } from '../../rig/rig.ts';

type Addressed = Pick<Rig, 'address'>;

const examples = (rig: Addressed): string => `${webInterface(rig)}/client2/examples/demo/streaming`;

export const webInterface = ({ address }: Addressed): string => `https://${address}:8444`;
export const twoWayStreaming = (rig: Addressed): string =>
  `${examples(rig)}/two_way_streaming/two_way_streaming.html`;
export const player = (rig: Addressed): string => `${examples(rig)}/player/player.html`;
export const secureSocket = ({ address }: Addressed): string => `wss://${address}:8443`;
/** The same door as a page: a browser warns of its certificate once more. */
export const secureSocketPage = ({ address }: Addressed): string => `https://${address}:8443`;
export const rtmp = ({ address }: Addressed): string => `rtmp://${address}:1935/live`;

/** `template`: the operator's, `ssh root@{ip}`. */
export const sshCommand = (template: string, { address }: Addressed): string =>
  template.replaceAll('{ip}', address);
