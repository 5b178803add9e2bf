// A person types a slash command: Slack's own refusals, and the payload that it makes of the rest.

import type { Command, Interaction } from './interaction.ts';
import {
  acting,
  channelName,
  found,
  type PersonParts,
  refused,
  sees,
  send,
  VERIFICATION_TOKEN,
} from './person.ts';
import { escapeTyped } from './typed-text.ts';
import { app, team } from './workspace.ts';

export const createCommand =
  (parts: PersonParts) =>
  async (asked: Command): Promise<Interaction> => {
    const { workspace, settings, triggers, responseUrls } = parts;
    const name = asked.command ?? '/wcs';
    const user = acting(asked.user, workspace);
    const channel = found(workspace.channel(asked.channel), asked.channel);
    if (!sees(user, channel)) throw new Error(`@${user.name} is not in ${asked.channel}`);
    const registered = settings.commands.find(({ command }) => command === name);
    if (registered === undefined) return refused(`${name} is not a valid command.`);
    if (asked.threadTs !== undefined) return refused(`${name} is not supported in threads. Sorry!`);
    if (channel.isArchived) return refused('You are viewing an archived channel.');

    const triggerId = triggers.issue(user.id, channel.id);
    const path = responseUrls.issue({
      kind: 'commands',
      user: user.id,
      channel: channel.id,
      original: undefined,
    });
    const responseUrl = `${parts.baseUrl}${path}`;
    const body = {
      token: VERIFICATION_TOKEN,
      team_id: team.id,
      team_domain: team.domain,
      channel_id: channel.id,
      channel_name: channelName(channel),
      user_id: user.id,
      user_name: user.name,
      command: name,
      text: registered.shouldEscape ? escapeTyped(asked.text.trim(), workspace) : asked.text.trim(),
      api_app_id: app.id,
      is_enterprise_install: 'false',
      response_url: responseUrl,
      trigger_id: triggerId,
    };
    const parcel = { type: 'slash_commands', body } as const;
    const failure = (error: string) => `${name} failed with the error "${error}"`;
    const came = await send(parts, { parcel, triggerId, responseUrl, failure }, asked.deliveries);
    if (came.kind === 'acknowledged') responseUrls.showAck(path, came.payload);
    return came;
  };
