// Reads the app's manifest as far as it decides what Slack lets the app do.

import { parse } from 'yaml';
import { z } from 'zod';

const manifest = z.object({
  features: z.object({
    app_home: z
      .object({
        home_tab_enabled: z.boolean().default(false),
        messages_tab_enabled: z.boolean().default(true),
      })
      .optional(),
    slash_commands: z
      .array(z.object({ command: z.string(), should_escape: z.boolean().default(false) }))
      .default([]),
  }),
  oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()) }) }),
  settings: z.object({
    interactivity: z.object({ is_enabled: z.boolean() }).optional(),
    event_subscriptions: z.object({ bot_events: z.array(z.string()).default([]) }).optional(),
  }),
});

export type AppSettings = {
  readonly scopes: readonly string[];
  readonly commands: readonly { readonly command: string; readonly shouldEscape: boolean }[];
  readonly interactive: boolean;
  readonly homeTab: boolean;
  /** Direct messages from the app need it. */
  readonly messagesTab: boolean;
  /** What the app hears of: `app_home_opened` … */
  readonly botEvents: readonly string[];
};

/** Throws zod's error if it is no manifest of a bot. */
export const readManifest = (text: string): AppSettings => {
  const read = manifest.parse(parse(text));
  return {
    scopes: read.oauth_config.scopes.bot,
    commands: read.features.slash_commands.map(({ command, should_escape }) => ({
      command,
      shouldEscape: should_escape,
    })),
    interactive: read.settings.interactivity?.is_enabled ?? false,
    homeTab: read.features.app_home?.home_tab_enabled ?? false,
    messagesTab: read.features.app_home?.messages_tab_enabled ?? true,
    botEvents: read.settings.event_subscriptions?.bot_events ?? [],
  };
};

/** Without a manifest: one command, buttons and a home tab, and no more scopes than that takes. */
export const defaultSettings: AppSettings = {
  scopes: ['commands', 'chat:write'],
  commands: [{ command: '/wcs', shouldEscape: true }],
  interactive: true,
  homeTab: true,
  messagesTab: true,
  botEvents: ['app_home_opened'],
};
