// WCS_CONF: a list or a folder, what of it is refused, and the heap that follows the memory of a rig.

import { describe, expect, it } from 'vitest';
import { type Environment, readWorkerConfig } from '../../../src/config.ts';
import type { FolderReading } from '../../../src/machine/read-folder.ts';
import { machine, worker, workerEnvironment, workerFaults } from '../../support/config-readings.ts';

const settingsFile = 'flashphoner.properties';
const heap = ['-Xmx1024m', '-Xms1024m'];

const settingsIn = (text: string): Readonly<Record<string, string>> => {
  const { settings, files } = worker({ WCS_CONF: text }).conf;
  expect([[...settings.keys()].filter((name) => name !== settingsFile), files.size]).toEqual([[], 0]);
  return Object.fromEntries(settings.get(settingsFile) ?? []);
};
const optionsIn = (text: string, environment: Environment = {}): readonly string[] =>
  worker({ WCS_CONF: text, ...environment }).conf.options;
const faultsOf = (text: string): readonly string[] => workerFaults({ WCS_CONF: text });

describe('a list', () => {
  it.each<[string, Readonly<Record<string, string>>]>([
    ['disable_rest_auth=false', { disable_rest_auth: 'false' }],
    ['a=1,b=2 , c = 3', { a: '1', b: '2', c: '3' }],
    [
      'codecs=opus,alaw,ulaw,disable_rest_auth=false',
      { codecs: 'opus,alaw,ulaw', disable_rest_auth: 'false' },
    ],
    ['wss.keystore.password=a=b\\c d', { 'wss.keystore.password': 'a=b\\c d' }],
    ['a=,b=2', { a: '', b: '2' }],
    ['a=1\n# a comment\n\n  b = x,y=z \r\nc=3', { a: '1', b: 'x,y=z', c: '3' }],
    ['a=1\nb=2,', { a: '1', b: '2,' }],
  ])('%j', (text, settings) => {
    expect(settingsIn(text)).toEqual(settings);
    expect(optionsIn(text)).toEqual(heap);
  });

  it.each<[string, readonly string[]]>([
    ['-Dhttp.proxyHost=proxy', ['-Dhttp.proxyHost=proxy', ...heap]],
    ['-Da=1,2,-Xmx512m', ['-Da=1,2', '-Xmx512m', '-Xms512m']],
    ['-Xmx512m -Xms256m', ['-Xmx512m', '-Xms256m']],
    ['a=1,-XX:+UseZGC,b=2', ['-XX:+UseZGC', ...heap]],
    ['-Xmx512m\na=-1\n-Xmx1g', ['-Xmx1g', '-Xms1g']],
  ])('%j', (text, options) => {
    expect(optionsIn(text)).toEqual(options);
  });

  it('has a heap of half the memory of a rig, whatever that is', () => {
    expect(worker({ WCS_RIG_MEMORY: '512m' }).conf.options).toEqual(['-Xmx256m', '-Xms256m']);
    expect(optionsIn('a=1', { WCS_RIG_MEMORY: '1.5g' })).toEqual(['-Xmx768m', '-Xms768m']);
  });

  it.each<[string, ...string[]]>([
    [
      'conf',
      "WCS_CONF is no folder's absolute path, and its part no. 1 is neither `key=value` nor an option of the JVM; write, say, `/etc/wcs-conf`, or `disable_rest_auth=false,-Xmx1g`",
    ],
    [
      'a=1\nb',
      "WCS_CONF is no folder's absolute path, and its part no. 2 is neither `key=value` nor an option of the JVM; write, say, `/etc/wcs-conf`, or `disable_rest_auth=false,-Xmx1g`",
    ],
    ['a=1,', 'WCS_CONF has a comma with nothing behind it; leave it out'],
    ['a=1,,b=2', 'WCS_CONF has a comma with nothing behind it; leave it out'],
    ['a=1,b=2,a=3', 'WCS_CONF sets `a` more than once; leave all but one out'],
    ['ip=10.0.0.1', 'WCS_CONF sets `ip`, which is another one for each rig; leave it out'],
    ['ip_local = 10.0.0.1', 'WCS_CONF sets `ip_local`, which is another one for each rig; leave it out'],
    [
      'log4j.properties:a=1',
      'WCS_CONF has a key with more than letters, digits, dots and dashes in it; correct it',
    ],
    [
      '-Da=b c',
      'WCS_CONF has an option of the JVM with a space in it, where WCS would cut it in two; write it without',
    ],
    [
      '-Xmx2g',
      'WCS_CONF has a heap that takes all the memory of a rig (2048m); write less, say `-Xmx1024m`, or more in WCS_RIG_MEMORY',
    ],
    [
      '-Xmx512m,ip=1,a=1,',
      'WCS_CONF has a comma with nothing behind it; leave it out',
      'WCS_CONF sets `ip`, which is another one for each rig; leave it out',
    ],
  ])('%j is refused', (text, ...faults) => {
    expect(faultsOf(text)).toEqual(faults);
  });
});

describe('a folder', () => {
  const reading = (folder: FolderReading, environment: Environment = {}) =>
    readWorkerConfig(
      { ...workerEnvironment, WCS_CONF: '/etc/wcs, conf', ...environment },
      {
        ...machine,
        folder: (path) => (path === '/etc/wcs, conf' ? folder : { kind: 'faults', faults: [path] }),
      },
    );
  const ofFiles = (files: Readonly<Record<string, string>>) =>
    reading({ kind: 'files', files: new Map(Object.entries(files)) });
  const faults = (files: Readonly<Record<string, string>>): readonly string[] => {
    const read = ofFiles(files);
    return read.kind === 'faults' ? read.faults : [];
  };

  it('has settings by file, options of the JVM, and whole files', () => {
    const read = ofFiles({
      'flashphoner.properties': '# ours\r\ncodecs = opus,\\\r\n  alaw\r\n',
      'log4j.properties': 'log4j.logger.RestClient=WARN',
      'wcs-core.properties': '### JVM OPTIONS ###\n-Xmx512m -Da=1\n\n  -Xms512m\n',
      'wss.jks': '\u0000\u00ff',
      'database.yml': '# users\n',
    });
    expect(read.kind === 'ok' && read.config.conf).toEqual({
      settings: new Map([
        ['flashphoner.properties', new Map([['codecs', 'opus,alaw']])],
        ['log4j.properties', new Map([['log4j.logger.RestClient', 'WARN']])],
      ]),
      options: ['-Xmx512m', '-Da=1', '-Xms512m'],
      files: new Map([
        ['wss.jks', '\u0000\u00ff'],
        ['database.yml', '# users\n'],
      ]),
    });
  });

  it('may be empty', () => {
    const read = ofFiles({});
    expect(read.kind === 'ok' && read.config.conf.options).toEqual(heap);
  });

  it('that cannot be read is refused with all that is wrong with it', () => {
    const read = reading({ kind: 'faults', faults: ['has `qa`, a folder; take it out', 'is large'] });
    expect(read.kind === 'faults' && read.faults).toEqual([
      'WCS_CONF is `/etc/wcs, conf`, which has `qa`, a folder; take it out',
      'WCS_CONF is `/etc/wcs, conf`, which is large',
    ]);
  });

  it.each<[string, Readonly<Record<string, string>>, string]>([
    [
      'with a name that none has',
      { '.git': '' },
      'WCS_CONF is `/etc/wcs, conf`, which has `.git`, a name that no file of WCS has; take it out',
    ],
    [
      'with what is the rig’s own',
      { [settingsFile]: 'ip=1\n' },
      'WCS_CONF sets `ip`, which is another one for each rig; leave it out',
    ],
    [
      'with a key that none has',
      { 'a.properties': 'a\\ b=1\n' },
      'WCS_CONF has a key with more than letters, digits, dots and dashes in it; correct it',
    ],
    [
      'with options that are none',
      { 'wcs-core.properties': '-Da=1\nXmx1g\n' },
      'WCS_CONF is `/etc/wcs, conf`, which has in `wcs-core.properties`, line 2, neither an option of the JVM nor a comment; correct it',
    ],
    [
      'with an option in two',
      { 'wcs-core.properties': '-Da="b c"\n' },
      'WCS_CONF is `/etc/wcs, conf`, which has in `wcs-core.properties` an option with a space in it, where WCS would cut it in two; write it without',
    ],
  ])('%s is refused', (_, files, sentence) => {
    expect(faults(files)).toEqual([sentence]);
  });
});
