// What the bot's token must be allowed to do. An update may need more than the app was installed with: Slack grants it only
// once the manifest was pasted anew and the app reinstalled, so whoever starts the bot is told.

import type { Log } from '../ports/log.ts';
import type { AccessRules } from './access.ts';

/** Without these no command can be taken, answered, or said to be anybody's. */
const essential = ['commands', 'chat:write', 'users:read'] as const;

/** Asked for each command where a user group is named, for nothing else. */
const userGroups = 'usergroups:read';

/** All that manifest.yml asks for. */
export const scopes: readonly string[] = [
  ...essential,
  userGroups,
  'chat:write.public',
  'channels:read',
  'groups:read',
  'im:read',
  'mpim:read',
  'channels:history',
  'groups:history',
  'im:history',
  'mpim:history',
  'im:write',
  'files:write',
];

const mend =
  "paste manifest.yml anew under *App Manifest* of the app's page, reinstall the app under *Install App*, and start the bot again (docs/slack.md, After an update)";

/** `granted`: as Slack says with its answers; `undefined` if it does not say. Throws with a sentence if it cannot work. */
export const checkScopes = (
  granted: readonly string[] | undefined,
  { users = [], admins }: Pick<AccessRules, 'users' | 'admins'>,
  log: Log,
): void => {
  if (granted === undefined) return;
  const missing = scopes.filter((scope) => !granted.includes(scope));
  if (missing.length === 0) return;
  const namesGroups = [...users, ...admins].some((one) => one.startsWith('S'));
  const needed: readonly string[] = namesGroups ? [...essential, userGroups] : essential;
  const named = missing.join(', ');
  if (missing.some((scope) => needed.includes(scope)))
    throw new Error(`Slack does not give the app what the bot cannot do without (${named}): ${mend}`);
  log.warn(
    { missing },
    `Slack does not give the app all that the bot needs (${named}), so parts fail: ${mend}`,
  );
};
