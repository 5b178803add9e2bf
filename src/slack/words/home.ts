// What stands in the Home tab besides rigs and hosts.

import { code } from './escape.ts';

export const homeGreeting = (): string =>
  'I hand out *rigs*: Web Call Servers, each with an address of its own, for a while.';

export const noneMine = (): string => 'You have no rigs at the moment. *Start a rig …* above starts one.';

export const moreMine = (count: number, command: string): string =>
  `… and ${count} more: ${code(`${command} list mine`)}`;

export const moreShared = (count: number, command: string): string =>
  `… and ${count} more: ${code(`${command} list`)}`;

export const noHosts = (): string =>
  'No Docker host has joined yet. Whoever runs this bot has to start a worker on a host first.';

export const moreHosts = (count: number): string =>
  `… and ${count === 1 ? '1 more host' : `${count} more hosts`}`;

/** What is never forgotten: the rest is in the help. */
export const homeHelp = (command: string): string =>
  `${code(`${command} help`)} has all commands · ${code(`${command} list`)} shows everybody's rigs · a rig's thread tells what happens to it`;

const cells = 8;

/** Of these the used ones are dark: one at least if any is used, and all only if all are. */
export const bar = (used: number, all: number): string => {
  const exact = all > 0 ? (used / all) * cells : 0;
  const dark = used <= 0 ? 0 : used >= all ? cells : Math.min(cells - 1, Math.max(1, Math.round(exact)));
  return `${'▓'.repeat(dark)}${'░'.repeat(cells - dark)}`;
};
