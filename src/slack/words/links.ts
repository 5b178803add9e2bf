// The addresses of a rig's pages and doors. Ports and paths are Web Call Server's own (facts of the vendor's image).

import { linkHost, shownAddress } from '../../rig/outside.ts';
import { type Rig, usesOwnAddresses } from '../../rig/rig.ts';

type Addressed = Pick<Rig, 'address'> & { readonly network?: Rig['network'] | undefined };

const examples = (rig: Addressed): string => `${webInterface(rig)}/client2/examples/demo/streaming`;

export const webInterface = (rig: Addressed): string => `https://${linkHost(rig)}:8444`;
export const twoWayStreaming = (rig: Addressed): string =>
  `${examples(rig)}/two_way_streaming/two_way_streaming.html`;
export const player = (rig: Addressed): string => `${examples(rig)}/player/player.html`;
export const secureSocket = (rig: Addressed): string => `wss://${linkHost(rig)}:8443`;
/** The same door as a page: a browser warns of its certificate once more. */
export const secureSocketPage = (rig: Addressed): string => `https://${linkHost(rig)}:8443`;
/** Without TLS, so that no name is needed. */
export const rtmp = (rig: Addressed): string => `rtmp://${shownAddress(rig)}:1935/live`;

/** `template`: the operator's, `ssh root@{ip}`. `undefined`: on an address of its host, which answers there itself. */
export const sshCommand = (template: string, rig: Addressed): string | undefined =>
  rig.network && usesOwnAddresses(rig.network.mode)
    ? undefined
    : template.replaceAll('{ip}', shownAddress(rig));
