// Makes text from people and machines safe to show: it can become neither a mention nor a link nor a block of its own.

/** Slack's three characters; everything that is not our own markup goes through here. */
export const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** At most this many characters, the last one an ellipsis if some were cut; never half a character. */
export const bounded = (text: string, most: number): string => {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
};

/** One line without control and direction characters, which could hide or turn round what stands beside them. */
export const oneLine = (text: string): string =>
  text
    .replaceAll(/[\s\p{Cc}\u2028\u2029]+/gu, ' ')
    .replaceAll(/[\p{Cf}\p{Co}\p{Cs}]/gu, '')
    .trim();

/** What somebody typed, as code: Slack reads neither links nor mentions nor emoji in it. */
export const code = (text: string, most = 60): string => {
  const shown = escapeText(bounded(oneLine(text).replaceAll('`', "'"), most));
  return shown === '' ? '`?`' : `\`${shown}\``;
};

/** A person's name without a mention; formatting characters would only confuse. */
export const nameOf = (person: { readonly name: string; readonly id: string }): string => {
  const name = bounded(oneLine(person.name.replaceAll(/[*_~`@#]/g, ' ')), 40);
  return escapeText(name === '' ? person.id : name);
};

/** A host's name as plain text, where many stand in a row. */
export const hostOf = (name: string): string =>
  escapeText(bounded(oneLine(name.replaceAll(/[*~`]/g, ' ')), 64));

/** Lines of a log as a code block, the last ones if they do not all fit; a fence inside is taken apart. */
export const codeBlock = (lines: readonly string[], most = 2500): string => {
  const kept: string[] = [];
  let length = 0;
  for (const line of [...lines].reverse()) {
    // U+200B between the backticks: looks the same and closes nothing.
    const shown = escapeText(bounded(oneLine(line), 300)).replaceAll('```', '`\u200b`\u200b`');
    if (length + shown.length + 1 > most) break;
    kept.push(shown);
    length += shown.length + 1;
  }
  return kept.length === 0 ? '' : `\`\`\`\n${kept.reverse().join('\n')}\n\`\`\``;
};
