// Slack's mrkdwn as a tree, for whoever draws it: the terminal and the page read it alike. Pure.

/** Texts are as people read them, no longer escaped. */
export type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'bold' | 'italic' | 'struck' | 'quote'; readonly parts: readonly Part[] }
  /** Marks mean nothing in it, references do. `block`: of several lines, on its own. */
  | { readonly kind: 'code' | 'block'; readonly parts: readonly Part[] }
  | { readonly kind: 'link'; readonly url: string; readonly label: string | undefined }
  | { readonly kind: 'person' | 'channel'; readonly id: string; readonly label: string | undefined }
  /** What stands between `<!date^` and `>`: see slackDate. */
  | { readonly kind: 'date'; readonly body: string }
  /** `here`, `channel`, a user group: without its `@`. */
  | { readonly kind: 'group'; readonly name: string };

/** A mark counts where a word begins and ends, so that `a_b_c` and `3 * 4` stay as they are. */
const mark = (name: string, sign: string): string =>
  `(?<=^|[\\s(>·"'])${sign}(?=\\S)(?<${name}>[^${sign}\\n]*?[^\\s${sign}])${sign}(?=$|[\\s).,:;!?·"'<])`;

const reference = '<(?<reference>[^<>\\n]+)>';
const inCode = new RegExp(reference, 'g');
const inProse = new RegExp(
  [
    '```(?<block>[\\s\\S]+?)```',
    '`(?<code>[^`\\n]+)`',
    '(?<=^|\\n)(?<quote>&gt;.*(?:\\n&gt;.*)*)',
    reference,
    mark('bold', '\\*'),
    mark('italic', '_'),
    mark('struck', '~'),
  ].join('|'),
  'gu',
);

export const readMrkdwn = (text: string): readonly Part[] => read(text, inProse);

const read = (text: string, pattern: RegExp): readonly Part[] => {
  const parts: Part[] = [];
  let at = 0;
  for (const { index, 0: whole, groups = {} } of text.matchAll(pattern)) {
    parts.push(...plain(text.slice(at, index)), partOf(groups));
    at = index + whole.length;
  }
  return [...parts, ...plain(text.slice(at))];
};

const plain = (text: string): readonly Part[] =>
  text === '' ? [] : [{ kind: 'text', text: unescaped(text) }];

const unescaped = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

type Groups = Readonly<Record<string, string | undefined>>;

const partOf = ({ block, code, quote, bold, italic, struck, reference: body }: Groups): Part => {
  if (block !== undefined) return { kind: 'block', parts: read(block, inCode) };
  if (code !== undefined) return { kind: 'code', parts: read(code, inCode) };
  if (quote !== undefined)
    return { kind: 'quote', parts: readMrkdwn(quote.replaceAll(/(^|\n)&gt; ?/g, '$1')) };
  if (bold !== undefined) return { kind: 'bold', parts: readMrkdwn(bold) };
  if (italic !== undefined) return { kind: 'italic', parts: readMrkdwn(italic) };
  if (struck !== undefined) return { kind: 'struck', parts: readMrkdwn(struck) };
  return referred(body ?? '');
};

/** What stands between `<` and `>`. */
const referred = (body: string): Part => {
  if (body.startsWith('!date^')) return { kind: 'date', body: unescaped(body.slice('!date^'.length)) };
  const bar = body.indexOf('|');
  const target = unescaped(bar < 0 ? body : body.slice(0, bar));
  const label = bar < 0 ? undefined : unescaped(body.slice(bar + 1));
  if (target.startsWith('@')) return { kind: 'person', id: target.slice(1), label };
  if (target.startsWith('#')) return { kind: 'channel', id: target.slice(1), label };
  if (target.startsWith('!')) return { kind: 'group', name: (label ?? target.slice(1)).replace(/^@/, '') };
  return { kind: 'link', url: target, label };
};
