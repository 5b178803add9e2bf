// A token that Slack does not take: why, and where the right one is. Pure.

import { type Finding, wrong } from '../finding.ts';

type Kind = 'bot' | 'app';

const of = {
  bot: { variable: 'SLACK_BOT_TOKEN', beginning: 'xoxb-', page: '*OAuth & Permissions*' },
  app: { variable: 'SLACK_APP_TOKEN', beginning: 'xapp-', page: '*Basic Information*, *App-Level Tokens*' },
} as const;

const gone = new Set(['account_inactive', 'token_revoked', 'token_expired', 'app_uninstalled']);

/** Not about what was asked, but about who asks. */
export const isTokenRefused = (error: string): boolean =>
  gone.has(error) || error === 'invalid_auth' || error === 'not_authed' || error === 'not_allowed_token_type';

export const tokenRefused = (kind: Kind, error: string): Finding => {
  const { variable, beginning, page } = of[kind];
  const check = `slack-${kind}-token`;
  const says = `Slack does not take ${variable} (it says ${error})`;
  const copy = `copy the token that begins with ${beginning} from the app's page ${page} again`;
  if (kind === 'app' && error === 'missing_scope')
    return wrong(check, says, `make an app-level token with the scope connections:write, under ${page}`);
  return wrong(check, says, gone.has(error) ? `install the app again (*Install App*), and ${copy}` : copy);
};
