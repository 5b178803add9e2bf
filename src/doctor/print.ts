// How findings stand on a terminal: a line each, with what mends it below. Pure.

import type { NotLooked, Part } from './choose-parts.ts';
import type { Finding, Verdict } from './finding.ts';

export type Style = {
  readonly color: boolean;
  /** Lines are broken at it; none: never. */
  readonly width: number | undefined;
};

export type Title = Part | 'environment';

export const titles: Readonly<Record<Title, string>> = {
  environment: 'Environment',
  redis: 'Redis',
  host: 'This host',
  fleet: 'Fleet',
  slack: 'Slack',
  probe: 'Probe rig',
};

const signs: Readonly<Record<Verdict, string>> = { well: '✔', doubtful: '▲', wrong: '✘' };
const colors: Readonly<Record<Verdict, number>> = { well: 32, doubtful: 33, wrong: 31 };
const bold = 1;
const faint = 2;

const paint = (text: string, code: number, { color }: Style): string =>
  color ? `\u001b[${code}m${text}\u001b[0m` : text;

/** By words; one that is longer than a line keeps it, so that it can be pasted. */
const broken = (text: string, first: number, width: number | undefined): readonly string[] => {
  if (width === undefined) return [text];
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && first + line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
};

const indented = (sign: string, text: string, indent: number, { width }: Style): readonly string[] => {
  const [head = '', ...rest] = broken(text, indent + 2, width);
  const space = ' '.repeat(indent);
  return [`${space}${sign} ${head}`, ...rest.map((line) => `${space}  ${line}`)];
};

export const renderFinding = ({ verdict, says, mend }: Finding, style: Style): readonly string[] => [
  ...indented(paint(signs[verdict], colors[verdict], style), says, 2, style),
  ...(mend === undefined ? [] : indented(paint('→', bold, style), mend, 4, style)),
];

export const renderSection = (title: Title, findings: readonly Finding[], style: Style): readonly string[] =>
  findings.length === 0
    ? []
    : [paint(titles[title], bold, style), ...findings.flatMap((one) => renderFinding(one, style)), ''];

const counted = (findings: readonly Finding[], verdict: Verdict): number =>
  findings.filter((one) => one.verdict === verdict).length;

type Sections = readonly (readonly [about: Title, findings: readonly Finding[]])[];

/** What was left out, what is wrong once more where much was said since, and the last line: what it comes to. */
export const renderEnd = (
  sections: Sections,
  notLooked: readonly NotLooked[],
  style: Style,
): readonly string[] => [
  ...(notLooked.length === 0 ? [] : [paint('Not looked at', bold, style)]),
  ...notLooked.flatMap(({ part, why }) =>
    indented(paint('·', faint, style), `${titles[part]}: ${why}`, 2, style),
  ),
  ...(notLooked.length === 0 ? [] : ['']),
  ...onceMore(sections, style),
  endLine(
    sections.flatMap(([, findings]) => findings),
    style,
  ),
];

/** More findings than this are more than a screen. */
const screen = 20;

const onceMore = (sections: Sections, style: Style): readonly string[] => {
  const all = sections.flatMap(([about, findings]) => findings.map((finding) => ({ about, finding })));
  const wrong = all.filter(({ finding }) => finding.verdict === 'wrong');
  if (all.length <= screen || wrong.length === 0) return [];
  return [
    paint('Wrong', bold, style),
    ...wrong.flatMap(({ about, finding }) =>
      renderFinding({ ...finding, says: `${titles[about]}: ${finding.says}` }, style),
    ),
    '',
  ];
};

const endLine = (findings: readonly Finding[], style: Style): string => {
  const [wrong, doubtful] = [counted(findings, 'wrong'), counted(findings, 'doubtful')];
  const well = counted(findings, 'well');
  const sum = (verdict: Verdict, text: string): string =>
    `${paint(signs[verdict], colors[verdict], style)} ${text}`;
  if (findings.length === 0) return 'nothing was looked at';
  if (wrong === 0 && doubtful === 0) return sum('well', `all is well (${well})`);
  return [
    ...(wrong > 0 ? [sum('wrong', `${wrong} wrong`)] : []),
    ...(doubtful > 0 ? [sum('doubtful', `${doubtful} to know of`)] : []),
    ...(well > 0 ? [sum('well', `${well} well`)] : []),
  ].join('  ');
};

/** For scripts: `check`, `verdict` and `about` stay what they are; sentences may be worded better. */
export const renderJson = (sections: Sections, notLooked: readonly NotLooked[]): string =>
  JSON.stringify({
    findings: sections.flatMap(([about, findings]) => findings.map((one) => ({ about, ...one }))),
    notLooked: notLooked.map(({ part, why }) => ({ about: part, why })),
  });
