// Commands about hosts: `hosts`, `drain h1 now`, `undrain h1`. Pure.

import type { HostName } from '../../rig/rig.ts';
import type { Mistake, Parsed, VerbOfHost } from './command.ts';
import { withoutDashes } from './keywords.ts';
import type { TypedWord } from './typed-words.ts';

export const hostName = /^[a-z0-9](?:[a-z0-9._-]{0,62})$/i;

type Read = { readonly kind: 'host'; readonly host: HostName | undefined } | Mistake;

/** `drain host h1`, `drain on h1`: the word before it adds nothing. */
const withoutFiller = (words: readonly TypedWord[]): readonly TypedWord[] =>
  words.length > 1 && /^(?:on|host)$/i.test(words[0]?.text ?? '') ? words.slice(1) : words;

/** The one there is, at most; as typed. */
const readHost = (verb: VerbOfHost | 'hosts', words: readonly TypedWord[]): Read => {
  const said = withoutFiller(words);
  const mentioned = said.find((word) => word.kind === 'mention');
  if (mentioned) {
    return { kind: 'mention', of: mentioned.of, typed: mentioned.text, wanted: 'named-host' };
  }
  const names = [...new Map(said.map(({ text }) => [text.toLowerCase(), text])).values()];
  if (names.length > 1) return { kind: 'one-host', verb, typed: names };
  const [host] = names;
  return host === undefined || hostName.test(host)
    ? { kind: 'host', host }
    : { kind: 'bad-host', typed: host, verb };
};

export const parseHosts = (words: readonly TypedWord[]): Parsed => {
  const read = readHost('hosts', words);
  return read.kind === 'host'
    ? { kind: 'command', command: { kind: 'hosts', host: read.host } }
    : { kind: 'mistake', mistake: read };
};

/** `history on h1`; `undefined` where no host was named so. */
export const parseHistoryOn = (words: readonly TypedWord[]): Parsed | undefined => {
  const [on, host, ...rest] = words;
  const isOn = on?.kind === 'word' && /^-*(?:on|host)$/i.test(on.text);
  if (!isOn || host?.kind !== 'word' || rest.length > 0) return undefined;
  return hostName.test(host.text)
    ? { kind: 'command', command: { kind: 'history-on', host: host.text } }
    : { kind: 'mistake', mistake: { kind: 'bad-host', typed: host.text, verb: 'hosts' } };
};

const isNow = (word: TypedWord): boolean => word.kind === 'word' && withoutDashes(word.text) === 'now';

export const parseOfHost =
  (verb: VerbOfHost) =>
  (words: readonly TypedWord[]): Parsed => {
    const names = verb === 'drain' ? words.filter((word) => !isNow(word)) : words;
    const read = readHost(verb, names);
    if (read.kind !== 'host') return { kind: 'mistake', mistake: read };
    const { host } = read;
    if (host === undefined) return { kind: 'mistake', mistake: { kind: 'which-host', verb } };
    return verb === 'drain'
      ? { kind: 'command', command: { kind: verb, host, now: names.length < words.length } }
      : { kind: 'command', command: { kind: verb, host } };
  };
