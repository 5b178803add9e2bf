// What a person types after a slash command, as Slack hands it to an app whose manifest says `should_escape`.

import type { SlackEmulator } from './surface.ts';

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/**
 * `@anna` → `<@U…|anna>`, `#rigs` → `<#C…|rigs>` (a private channel's name is left out), addresses → `<https://…>`;
 * `&`, `<` and `>` become entities. Names that nobody has stay as they are.
 */
export const escapeTyped = (text: string, workspace: Pick<SlackEmulator, 'people' | 'channels'>): string =>
  escaped(text).replaceAll(
    /(^|\s)(?:@([\w.-]+)|#([\w-]+)|(https?:\/\/\S+))/g,
    (whole, before, at, hash, address) => {
      if (address !== undefined) return `${before}<${address}>`;
      if (at !== undefined) {
        const person = workspace.people().find((each) => each.name === at);
        return person === undefined ? whole : `${before}<@${person.id}|${person.name}>`;
      }
      const channel = workspace.channels().find((each) => each.name === hash);
      if (channel === undefined) return whole;
      return `${before}<#${channel.id}|${channel.kind === 'public' ? channel.name : ''}>`;
    },
  );
