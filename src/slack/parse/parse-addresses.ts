// `addresses [LAN]` and `addresses release ADDRESS`. Pure.

import { parseAddress } from '../../rig/ipv4.ts';
import type { Command, Mistake, Parsed } from './command.ts';
import type { TypedWord } from './typed-words.ts';

const mistake = (of: Mistake): Parsed => ({ kind: 'mistake', mistake: of });
const command = (of: Command): Parsed => ({ kind: 'command', command: of });

/** LANs and hosts have names of 63 characters. */
const longest = 63;

export const parseAddresses = (words: readonly TypedWord[]): Parsed => {
  const texts: string[] = [];
  for (const word of words) {
    if (word.kind === 'mention')
      return mistake({ kind: 'mention', of: word.of, typed: word.text, wanted: 'lan' });
    texts.push(word.text.toLowerCase());
  }
  const [first, second, third, surplus] = texts;
  if (first !== 'release') {
    const odd = second ?? (first !== undefined && first.length > longest ? first : undefined);
    return odd === undefined
      ? command({ kind: 'addresses', of: first })
      : mistake({ kind: 'odd-addresses', typed: odd });
  }
  if (second === undefined || parseAddress(second) === undefined)
    return mistake({ kind: 'release-what', typed: second });
  const odd = surplus ?? (third !== undefined && third.length > longest ? third : undefined);
  return odd === undefined
    ? command({ kind: 'release-address', address: second, lan: third })
    : mistake({ kind: 'odd-addresses', typed: odd });
};
