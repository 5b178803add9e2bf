// What was typed, what is looked at, and how it stands on a terminal.

import { describe, expect, test } from 'vitest';
import { checkVariables, withoutThoseOf } from '../../../src/doctor/check-environment.ts';
import { chooseParts } from '../../../src/doctor/choose-parts.ts';
import { count, listText, shortTime, sizeText } from '../../../src/doctor/figures.ts';
import { doubtful, well, wrong } from '../../../src/doctor/finding.ts';
import { renderEnd, renderFinding, renderJson, renderSection } from '../../../src/doctor/print.ts';
import { readDoctorWords } from '../../../src/doctor/read-words.ts';
import { within } from '../../../src/doctor/within.ts';

describe('words', () => {
  const plain = { subject: undefined, json: false, probe: true, wait: undefined };
  test.each<[string[], object]>([
    [[], plain],
    [['host'], { ...plain, subject: 'host' }],
    [['all', '--json'], { ...plain, subject: 'all', json: true }],
    [['--no-probe', 'host'], { ...plain, subject: 'host', probe: false }],
    [['--wait', '5m'], { ...plain, wait: 300_000 }],
  ])('%j', (words, wish) => {
    expect(readDoctorWords(words)).toEqual({ kind: 'wish', wish });
  });

  test.each<[string[], RegExp]>([
    [['network'], /there is nothing called "network" to look at; write host, redis, slack or all/],
    [['host', 'redis'], /one word at most, but was given "redis" as well/],
    [['--yaml'], /Unknown option '--yaml'/],
    [['--wait', 'long'], /--wait "long" is no length of time; write `60s`/],
    [['--wait'], /--wait/],
    [['--no-probe', '--wait', '5m'], /--no-probe leaves out/],
  ])('%j is wrong', (words, why) => {
    expect(readDoctorWords(words)).toEqual({ kind: 'wrong', why: expect.stringMatching(why) });
  });
});

describe('what is looked at', () => {
  const choose = (environment: Readonly<Record<string, string>>, wish: object = {}) => {
    const { looked, notLooked } = chooseParts({ subject: undefined, probe: true, ...wish }, environment);
    return [[...looked].sort().join(' '), notLooked.map(({ part }) => part).join(' ')];
  };
  test.each<[Readonly<Record<string, string>>, string, string]>([
    [{ WCS_RANGE: '10.0.0.1' }, 'fleet host probe redis', 'slack'],
    [{ WCS_NETWORK: 'macvlan' }, 'fleet host probe redis', 'slack'],
    [{ SLACK_BOT_TOKEN: 'x' }, 'fleet redis slack', 'host'],
    [{ SLACK_SIGNING_SECRET: 'x' }, 'fleet redis slack', 'host'],
    [{ REDIS_URL: 'x' }, 'fleet redis', 'host slack'],
    [{ SLACK_BOT_TOKEN: 'x', WCS_RANGE: 'y' }, 'fleet host probe redis slack', ''],
    [{}, '', 'redis host slack'],
    // Compose hands these over whether or not somebody said them.
    [{ DOCKER_HOST: 'x', WCS_STATE_DIR: 'y', WCS_RANGE: '', SLACK_APP_TOKEN: ' ' }, '', 'redis host slack'],
  ])('%j', (environment, looked, notLooked) => {
    expect(choose(environment)).toEqual([looked, notLooked]);
  });

  test.each<[string, string]>([
    ['host', 'fleet host probe redis'],
    ['redis', 'fleet redis'],
    ['slack', 'slack'],
    ['all', 'fleet host probe redis slack'],
  ])('%s looks whatever the environment says', (subject, looked) => {
    expect(choose({}, { subject })).toEqual([looked, '']);
  });

  test('--no-probe leaves the probe out, and says so where there would have been one', () => {
    expect(choose({ WCS_RANGE: 'x' }, { probe: false })).toEqual(['fleet host redis', 'slack probe']);
    expect(choose({ REDIS_URL: 'x' }, { probe: false })).toEqual(['fleet redis', 'host slack']);
  });
});

describe('on a terminal', () => {
  const plain = { color: false, width: undefined };
  const long = wrong('a', 'one two three four five six', 'redis-cli CONFIG SET maxmemory-policy noeviction');

  test('a line each, and what mends it below', () => {
    expect(renderSection('redis', [well('a', 'fine'), doubtful('b', 'so so'), long], plain)).toEqual([
      'Redis',
      '  ✔ fine',
      '  ▲ so so',
      '  ✘ one two three four five six',
      '    → redis-cli CONFIG SET maxmemory-policy noeviction',
      '',
    ]);
    expect(renderSection('redis', [], plain)).toEqual([]);
  });

  test('lines are broken between words, and hang below the first one', () => {
    expect(renderFinding(long, { color: false, width: 20 })).toEqual([
      '  ✘ one two three',
      '    four five six',
      '    → redis-cli',
      '      CONFIG SET',
      '      maxmemory-policy',
      '      noeviction',
    ]);
  });

  test('colours are the signs’ alone', () => {
    expect(renderFinding(well('a', 'fine'), { color: true, width: undefined })).toEqual([
      '  \u001b[32m✔\u001b[0m fine',
    ]);
  });

  test('the end says what was left out, and what it comes to', () => {
    const notLooked = [{ part: 'slack', why: 'no tokens' }] as const;
    expect(renderEnd([['redis', [well('a', 'x'), doubtful('b', 'y'), long]]], notLooked, plain)).toEqual([
      'Not looked at',
      '  · Slack: no tokens',
      '',
      '✘ 1 wrong  ▲ 1 to know of  ✔ 1 well',
    ]);
    expect(renderEnd([['redis', [well('a', 'x'), well('b', 'y')]]], [], plain)).toEqual([
      '✔ all is well (2)',
    ]);
    expect(renderEnd([], [], plain)).toEqual(['nothing was looked at']);
  });

  test('what is wrong is said once more where it has left the screen', () => {
    const many = Array.from({ length: 20 }, () => well('a', 'x'));
    const sections = [
      ['redis', [long]],
      ['host', many],
    ] as const;
    expect(renderEnd(sections, [], plain)).toEqual([
      'Wrong',
      '  ✘ Redis: one two three four five six',
      '    → redis-cli CONFIG SET maxmemory-policy noeviction',
      '',
      '✘ 1 wrong  ✔ 20 well',
    ]);
    expect(renderEnd([['host', many]], [], plain)).toHaveLength(1);
  });

  test('for scripts it is one object', () => {
    const found = { ...long, hurtsOthers: true };
    const text = renderJson(
      [
        ['redis', [well('a', 'x')]],
        ['host', [found]],
      ],
      [{ part: 'slack', why: 'no' }],
    );
    expect(JSON.parse(text)).toEqual({
      findings: [
        { about: 'redis', check: 'a', verdict: 'well', says: 'x' },
        { about: 'host', ...found },
      ],
      notLooked: [{ about: 'slack', why: 'no' }],
    });
  });
});

describe('one part', () => {
  test('that hangs ends in time', async () => {
    const { signal } = new AbortController();
    expect(await within('redis', 20, () => new Promise(() => undefined), signal)).toEqual([
      wrong('redis-time', 'Redis could not be looked at within 0.02 s'),
    ]);
  });
  test('that throws is a finding', async () => {
    const look = () => Promise.reject(new Error('a fault'));
    expect(await within('slack', 1000, look, new AbortController().signal)).toEqual([
      wrong('slack-fault', 'Slack could not be looked at: a fault'),
    ]);
  });
});

test('a part that nobody waits for any more says nothing', async () => {
  const ending = new AbortController();
  const looked = within('host', 60_000, () => new Promise(() => undefined), ending.signal);
  ending.abort(new Error('broken off'));
  expect(await looked).toEqual([]);
});

test('the environment’s faults are split into what is and what mends it, and said once', () => {
  const reading = {
    kind: 'faults',
    faults: ['A is wrong; write a', 'B'],
    warnings: ['C is unknown'],
  } as const;
  const found = checkVariables(reading);
  expect(found).toEqual([
    { check: 'configuration', verdict: 'wrong', says: 'A is wrong', mend: 'write a' },
    { check: 'configuration', verdict: 'wrong', says: 'B' },
    { check: 'configuration', verdict: 'doubtful', says: 'C is unknown' },
  ]);
  expect(withoutThoseOf(found, [found[1] ?? aFinding()])).toHaveLength(2);
});
const aFinding = () => wrong('a', 'b');

test('figures', () => {
  expect([800, 1536, 12 * 2 ** 20, 1.5 * 2 ** 30, 24 * 2 ** 30].map(sizeText)).toEqual([
    '0.8 KiB',
    '1.5 KiB',
    '12 MiB',
    '1.5 GiB',
    '24 GiB',
  ]);
  expect([0.01, 0.34, 9.96, 12.4, 999, 2500, 8000, 60_000].map(shortTime)).toEqual([
    '0.1 ms',
    '0.3 ms',
    '10 ms',
    '12 ms',
    '999 ms',
    '2.5 s',
    '8 s',
    '60 s',
  ]);
  expect([0, 1, 2, 1204].map((number) => count(number, 'host'))).toEqual([
    'no hosts',
    'one host',
    '2 hosts',
    '1,204 hosts',
  ]);
  expect(listText(['a', 'b', 'c', 'd'], 2)).toBe('a, b and 2 more');
});
