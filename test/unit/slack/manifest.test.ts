// The manifest: Slack takes it, and it asks for exactly the rights that the code uses.

import { readdir, readFile } from 'node:fs/promises';
import type { AppsManifestCreateArguments } from '@slack/web-api';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { verbs } from '../../../src/slack/parse/command.ts';
import { parseCommand } from '../../../src/slack/parse/parse.ts';
import { scopes } from '../../../src/slack/scopes.ts';
import { help, moreHelp } from '../../../src/slack/words/help.ts';

/** As TypeScript sees it: names of scopes and settings are checked by Slack's own types. */
const typed = {
  _metadata: { major_version: 1, minor_version: 1 },
  display_information: {
    name: 'wcs-rigs',
    description: 'Hands out Web Call Server rigs, each with an address of its own, for a while',
    background_color: '#1d3557',
  },
  features: {
    app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
    bot_user: { display_name: 'wcs', always_online: true },
    slash_commands: [
      {
        command: '/wcs',
        description: 'Start, list and stop Web Call Server rigs',
        usage_hint:
          'up [name] [for 4h | until 18:00] [on HOST] [tag TAG] [quietly] | list [mine] | show NAME | extend NAME 2h | down NAME | restart NAME [tag TAG] | password NAME | logs NAME [200] | share NAME @user | give NAME @user | history NAME | keep NAME | addresses [LAN] | hosts | drain HOST [now] | undrain HOST | forget HOST | allow HOST | help',
        should_escape: true,
      },
    ],
  },
  oauth_config: {
    scopes: {
      bot: [
        'commands',
        'chat:write',
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
        'users:read',
        'usergroups:read',
        'files:write',
      ],
    },
  },
  settings: {
    event_subscriptions: { bot_events: ['app_home_opened'] },
    interactivity: { is_enabled: true },
    org_deploy_enabled: false,
    socket_mode_enabled: true,
    token_rotation_enabled: false,
  },
} as const satisfies AppsManifestCreateArguments['manifest'];

const root = new URL('../../../', import.meta.url);

test('it is what Slack’s types allow', async () => {
  expect(parse(await readFile(new URL('manifest.yml', root), 'utf8'))).toEqual(typed);
});

test('its scopes are those that are looked for at the start', () => {
  expect([...scopes].sort()).toEqual([...typed.oauth_config.scopes.bot].sort());
});

/** What each method wants, by Slack's reference; a conversation's kind decides between the four families. */
const families = (what: string): string[] =>
  ['channels', 'groups', 'im', 'mpim'].map((kind) => `${kind}:${what}`);
const wanted: Readonly<Record<string, readonly string[]>> = {
  'auth.test': [],
  'chat.delete': ['chat:write'],
  'chat.getPermalink': [],
  // `public`: cards go to public channels without an invitation.
  'chat.postMessage': ['chat:write', 'chat:write.public'],
  'chat.update': ['chat:write'],
  'conversations.info': families('read'),
  'conversations.history': families('history'),
  'conversations.members': families('read'),
  'conversations.replies': families('history'),
  'conversations.open': ['im:write'],
  // What `client.filesUploadV2` calls.
  'files.completeUploadExternal': ['files:write'],
  'files.getUploadURLExternal': ['files:write'],
  'usergroups.users.list': ['usergroups:read'],
  'users.info': ['users:read'],
  'views.open': [],
  'views.publish': [],
  'views.update': [],
};

test('its scopes are those of the methods that are called, and no more', async () => {
  const folder = new URL('src/slack/', root);
  const sources = await Promise.all(
    (await readdir(folder, { recursive: true }))
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFile(new URL(file, folder), 'utf8')),
  );
  const called = new Set(
    sources.flatMap((source) =>
      [
        ...source.matchAll(
          /\bclient\.((?:(?:auth|chat|conversations|users|views|apps|team|bots|reactions|pins|files|usergroups)\.)[a-zA-Z.]+|filesUploadV2)\(/g,
        ),
      ].flatMap(([, method = '']) =>
        method === 'filesUploadV2'
          ? ['files.completeUploadExternal', 'files.getUploadURLExternal']
          : [method],
      ),
    ),
  );
  expect([...called].sort()).toEqual(Object.keys(wanted).sort());
  const used = new Set(['commands', ...[...called].flatMap((method) => wanted[method] ?? ['?'])]);
  expect([...typed.oauth_config.scopes.bot].sort()).toEqual([...used].sort());
});

test('docs/slack.md says of each scope, and of no other, what it is for', async () => {
  const [, section = ''] = (await readFile(new URL('docs/slack.md', root), 'utf8')).split(
    '## What the bot may, and why\n',
  );
  const [table = ''] = section.split('\n## ');
  const rows = [...table.matchAll(/^\| (`[^|]+) \| \S/gm)].map(([, scopes = '']) => scopes);
  const named = rows.flatMap((scopes) => [...scopes.matchAll(/`([^`]+)`/g)].map(([, scope]) => scope));
  expect(named).toEqual([...typed.oauth_config.scopes.bot]);
});

const facts = { usualLease: 14_400_000, longestLease: 86_400_000 };
const hint = typed.features.slash_commands[0].usage_hint;
/** The hint's commands: what stands between bars outside brackets. */
const hinted = hint.replaceAll(/\[[^\]]*\]/g, '').split('|');

test('the hint names every command and nothing else, within what Slack takes', () => {
  expect(hinted.map((usage) => usage.trim().split(' ')[0])).toEqual(verbs);
  expect(hint.length).toBeLessThanOrEqual(1000);
});

test('the help is six lines, and names every command', () => {
  expect(help('/wcs').split('\n')).toHaveLength(6);
  for (const verb of verbs) expect(help('/wcs-dev')).toMatch(new RegExp(`\`(/wcs-dev )?${verb}\\b`));
});

test('all the help shows how to write every command, with the slash command that was typed', () => {
  const more = moreHelp('/wcs-dev', facts);
  for (const verb of verbs.filter((verb) => verb !== 'help')) expect(more).toContain(`\`/wcs-dev ${verb}`);
  expect(more).not.toMatch(/\/wcs(?!-dev)/);
  expect(more).toContain('usually 4 h, at most 24 h');
  // Slack's most for a section.
  expect(more.length).toBeLessThan(3000);
});

/** As in `| \`/wcs up …\` | …`. */
const commandsIn = (markdown: string): readonly string[] =>
  [...markdown.matchAll(/^\| `\/wcs ([a-z]+)/gm)].map(([, verb]) => verb ?? '');

test('README has every command and nothing else', async () => {
  const readme = await readFile(new URL('README.md', root), 'utf8');
  expect(commandsIn(readme)).toEqual(verbs);
});

test('what is shown as an example is understood', async () => {
  const readme = await readFile(new URL('README.md', root), 'utf8');
  const shown = [moreHelp('/wcs', facts), help('/wcs'), readme].join('\n');
  const examples = [...shown.matchAll(/`\/wcs ([^`]+)`/g)].map(([, text]) => text ?? '');
  expect(examples.length).toBeGreaterThan(2 * verbs.length);
  for (const example of examples) {
    const typed = example.replaceAll(/\[([^\]]*)\]/g, '').replaceAll(/@(\w+)/g, '<@U1|$1>');
    expect([example, parseCommand(typed).kind]).toEqual([example, 'command']);
  }
});
