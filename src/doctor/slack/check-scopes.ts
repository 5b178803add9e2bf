// What the bot may do, against what its manifest asks for. Pure.

import { listText } from '../figures.ts';
import { doubtful, type Finding, well, wrong } from '../finding.ts';
import type { SlackCheck } from './facts.ts';

const check = 'slack-scopes';

export const scopes: SlackCheck = ({ bot, wanted }) => {
  if (bot.kind !== 'yes') return [];
  const granted = bot.scopes;
  if (granted === undefined)
    return [
      doubtful(
        check,
        'Slack does not say what the bot may do',
        'compare *OAuth & Permissions* with manifest.yml',
      ),
    ];
  const missing = wanted.filter((scope) => !granted.includes(scope));
  const extra = granted.filter((scope) => !wanted.includes(scope));
  const found: Finding[] = [];
  if (missing.length > 0)
    found.push(
      wrong(
        check,
        `Slack does not give the app all that it needs: ${listText(missing, 20)} ${missing.length === 1 ? 'is' : 'are'} missing`,
        "paste manifest.yml under *App Manifest* of the app's page, and reinstall the app under *Install App*",
      ),
    );
  else found.push(well(check, `the bot may do all ${wanted.length} things that manifest.yml asks for`));
  if (extra.length > 0)
    found.push(
      doubtful(
        'slack-scopes-extra',
        `the app may do more than it needs: ${listText(extra, 20)}`,
        "paste manifest.yml under *App Manifest* of the app's page, and reinstall the app: a token that gets out can do less",
      ),
    );
  return found;
};
