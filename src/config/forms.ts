// How each kind of variable is written: zod shapes from text to value, whose messages say what would be right.

import { z } from 'zod';
import { type Duration, formatDuration, parseDuration } from '../rig/duration.ts';
import { type ImageReference, isTag, parseReference } from '../rig/image-reference.ts';
import { parseAddress, parseBlock } from '../rig/ipv4.ts';
import { parseRedisUrl } from '../rig/redis-address.ts';

/** A variable's form. The message of its first issue follows the name and what was written: "…; write a number". */
export type Form<T> = z.ZodType<T, string>;

/** From a parser whose `undefined` means no. */
const form = <T>(parse: (text: string) => T | undefined, message: string): Form<T> =>
  z.string().transform((text, context): T => {
    const value = parse(text);
    if (value !== undefined) return value;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });

const words = new Intl.ListFormat('en-GB', { type: 'disjunction' });
const quoted = (choices: readonly string[]): string => words.format(choices.map((choice) => `\`${choice}\``));

export const oneOf = <const T extends string>(choices: readonly T[]): Form<T> =>
  form((text) => choices.find((choice) => choice === text.toLowerCase()), `write ${quoted(choices)}`);

export const wholeNumber = (least: number, most: number): Form<number> => {
  const parse = (text: string) => (/^\d{1,15}$/.test(text) ? Number(text) : undefined);
  const inside = (value: number | undefined) =>
    value !== undefined && value >= least && value <= most ? value : undefined;
  return form((text) => inside(parse(text)), `write a whole number from ${least} to ${most}`);
};

export const port = wholeNumber(1, 65_535);

/** `500ms` too, since a lab runs at a tenth of everything. */
export const duration = (least: Duration, most: Duration): Form<Duration> =>
  form(
    (text) => {
      const fine = /^(\d{1,9})ms$/i.exec(text)?.[1];
      const value = fine === undefined ? parseDuration(text) : Number(fine);
      return value !== undefined && value >= least && value <= most ? value : undefined;
    },
    `write a length of time such as \`10s\`, \`90m\`, \`4h\` or \`1h30m\`, from ${readable(least)} to ${readable(most)}`,
  );

/** Or the word `none`. */
export const orNone = <T>(inner: Form<T>, how: string): Form<T | 'none'> =>
  form((text) => {
    if (text.toLowerCase() === 'none') return 'none';
    const read = inner.safeParse(text);
    return read.success ? read.data : undefined;
  }, how);

const readable = (length: Duration): string => (length < 1000 ? `${length} ms` : formatDuration(length));

const units = { k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 } as const;
const isUnit = (text: string): text is keyof typeof units => text in units;

/** `512m`, `2g`, `1.5g` in bytes, as Docker counts them. */
export const memorySize: Form<number> = form((text) => {
  const match = /^(\d{1,6}(?:\.\d{1,3})?)([kmg])b?$/i.exec(text);
  const unit = match?.[2]?.toLowerCase() ?? '';
  const bytes = isUnit(unit) ? Math.floor(Number(match?.[1]) * units[unit]) : 0;
  return bytes >= 32 * units.m ? bytes : undefined;
}, 'write a size such as `512m` or `2g`, at least `32m`');

/** `32k`, `1m`, `1.5m` in bytes a second, counted as sizes are. */
export const byteRate: Form<number> = form((text) => {
  const match = /^(\d{1,6}(?:\.\d{1,3})?)([km])b?$/i.exec(text);
  const unit = match?.[2]?.toLowerCase() ?? '';
  const bytes = isUnit(unit) ? Math.floor(Number(match?.[1]) * units[unit]) : 0;
  return bytes >= units.k ? bytes : undefined;
}, 'write bytes a second such as `32k` or `1m`, at least `1k`');

export const cpus: Form<number> = form((text) => {
  const value = /^\d{1,4}(\.\d{1,2})?$/.test(text) ? Number(text) : 0;
  return value >= 0.01 ? value : undefined;
}, 'write a number of cores such as `2` or `0.5`');

export const listOf = <T>(item: Form<T>, message: string): Form<readonly T[]> =>
  form((text) => {
    const items = text.split(',').map((part) => item.safeParse(part.trim()));
    const good = items.flatMap((one) => (one.success ? [one.data] : []));
    return good.length === items.length ? [...new Set(good)] : undefined;
  }, message);

const matching = (pattern: RegExp, message: string): Form<string> =>
  form((text) => (pattern.test(text) ? text : undefined), message);

/** In every label, key, queue and network name, so that it keeps to what all of those allow. */
export const installation = matching(
  /^[a-z][a-z0-9-]{0,29}[a-z0-9]$/,
  'write 2 to 31 small letters, digits and dashes that begin with a letter, say `wcs` or `wcs-dev`',
);

export const hostName = matching(
  /^[a-z0-9][a-z0-9._-]{0,62}$/i,
  'write up to 63 letters, digits, dots and dashes, say `h1`',
);

export const lanName = matching(
  /^[a-z0-9][a-z0-9._/@-]{0,62}$/i,
  'write up to 63 letters, digits, dots and dashes, say `office`',
);

export const interfaceName = matching(/^[^\s/:]{1,15}$/, 'write the name of a network interface, say `eth0`');

export const absolutePath = matching(/^\/[^\0]*$/, 'write an absolute path');

/** One line for people. */
export const sentence = matching(/^[^\r\n]{1,300}$/, 'write one line of at most 300 characters');

export const sshCommand = matching(
  /^[^\r\n`]*\{ip\}[^\r\n`]*$/,
  'write the command with `{ip}` where the address goes, say `ssh root@{ip}`',
);

export const secret = matching(
  /^.{32,}$/s,
  'has fewer than 32 characters; make one with `openssl rand -hex 32`',
);

export const previousSecret = matching(
  /^.{32,}$/s,
  'has fewer than 32 characters; write the secret there that WCS_SECRET was before',
);

/** Anything, as long as it is one word: what it opens is not ours to judge. */
export const oneWord = matching(/^\S+$/, 'holds a space or a line break; write it as it was issued');

/** Slack issues several tokens for one app, and they are easily taken for one another. */
const slackToken = (prefix: string, own: string): Form<string> =>
  z.string().superRefine((text, context) => {
    const message = wrongToken(text, prefix, own);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });

const tokenHomes: readonly {
  readonly prefix: string;
  readonly is: string;
  readonly home: string | undefined;
}[] = [
  { prefix: 'xoxb-', is: 'a bot token', home: 'SLACK_BOT_TOKEN' },
  { prefix: 'xapp-', is: 'an app-level token', home: 'SLACK_APP_TOKEN' },
  { prefix: 'xoxp-', is: "a person's token", home: undefined },
  { prefix: 'xoxe', is: 'a configuration token', home: undefined },
];

const wrongToken = (text: string, prefix: string, own: string): string | undefined => {
  if (new RegExp(`^${prefix}[A-Za-z0-9-]+$`).test(text)) return undefined;
  const other = tokenHomes.find((one) => one.prefix !== prefix && text.startsWith(one.prefix));
  const right = `here belongs ${own}, which begins with \`${prefix}\``;
  if (!other) return `holds no token of Slack's; ${right}`;
  const home = other.home === undefined ? 'which is not needed' : `which belongs into ${other.home}`;
  return `holds ${other.is} (\`${other.prefix}…\`), ${home}; ${right}`;
};

/** Issued without a prefix, so that all that can be seen is that it is one of the others. */
export const signingSecret = z.string().superRefine((text, context) => {
  const token = tokenHomes.find(({ prefix }) => text.startsWith(prefix));
  const right = 'here belongs the signing secret, from *Basic Information*';
  if (token)
    context.addIssue({ code: 'custom', message: `holds ${token.is} (\`${token.prefix}…\`); ${right}` });
  else if (/\s/.test(text)) context.addIssue({ code: 'custom', message: `holds a space; ${right}` });
});

export const botToken = slackToken('xoxb-', 'the bot token');
export const appToken = slackToken('xapp-', 'the app-level token');

export const webAddress = form((text) => {
  const url = z.url({ protocol: /^https?$/ }).safeParse(text);
  // Bolt appends the method's name, so that the last part would be replaced without the slash.
  return url.success ? url.data.replace(/\/*$/, '/') : undefined;
}, 'write a web address such as `https://slack.com/api/`');

export const redisUrl = form(
  parseRedisUrl,
  'write `redis://[:PASSWORD@]HOST:PORT`, `rediss://…`, `redis+sentinel://[:PASSWORD@]HOST:26379,HOST:26379,HOST:26379/NAME` or the absolute path of a socket',
);

export const address = form(parseAddress, 'write an IPv4 address, say `192.168.23.1`');

/** Refused where it does not begin at its network address: `192.168.23.5/24` may be anything. */
export const subnet: Form<NonNullable<ReturnType<typeof parseBlock>>['subnet']> = form((text) => {
  const block = parseBlock(text);
  if (block === undefined || block.address !== block.subnet.span.first) return undefined;
  return block.subnet.prefix >= 8 && block.subnet.prefix <= 30 ? block.subnet : undefined;
}, 'write a subnet from /8 to /30 by its first address, say `192.168.23.0/24`');

/** A name of letters, digits, dots and dashes around `{ip-dashed}`. */
export const linkHost = form((text) => {
  const name = text.toLowerCase().replaceAll('{ip-dashed}', '255-255-255-255');
  const labels = name.split('.');
  const isName = labels.every((label) => /^(?!-)[a-z0-9-]{1,63}(?<!-)$/.test(label));
  return text.includes('{ip-dashed}') && isName && name.length <= 253 ? text.toLowerCase() : undefined;
}, 'write a host name with `{ip-dashed}` where the address goes, say `rig-{ip-dashed}.lab.example.com`');

/** Kept as it was written: the engine's client reads it. */
export const dockerHost = matching(
  /^(unix:\/\/)?\/\S+$|^tcp:\/\/(\[[0-9a-f:.]+\]|[^\s:/]+):\d{1,5}\/?$/i,
  'write `unix:///var/run/docker.sock` or `tcp://HOST:2375`',
);

/** A person or a user group, as Slack names them. */
export const personId = matching(/^[UWS][A-Z0-9]{2,20}$/, 'write an id such as `U0123456789`');

export const channelId = matching(
  /^[CG][A-Z0-9]{2,20}$/,
  "write the id of a channel, say `C0123456789`; Slack shows it at the end of the channel's *About*",
);

export const image: Form<ImageReference> = form(
  parseReference,
  'write an image such as `flashphoner/webcallserver:latest`, by tag and not by digest',
);

export const tag = form((text) => (isTag(text) ? text : undefined), 'write an image tag');
