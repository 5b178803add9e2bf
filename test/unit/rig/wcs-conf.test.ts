// What is laid over WCS's files: keys, options and whole files, once as well as twice; and which of it must not be shown.

import { describe, expect, it } from 'vitest';
import { emptyConf, laidOver, secretsIn, type WcsConf, withSettings } from '../../../src/rig/wcs-conf.ts';

const conf: WcsConf = {
  settings: new Map([
    ['flashphoner.properties', new Map([['codecs', 'opus,alaw']])],
    ['log4j.properties', new Map([['log4j.logger.RestClient', 'WARN']])],
  ]),
  options: ['-Xmx512m'],
  files: new Map([['wss.jks', '\u0000\u00ff\r\n']]),
};

const image = new Map([
  ['flashphoner.properties', 'ip =\ncodecs=h264\nwss.port=8443\n'],
  ['wcs-core.properties', '### JVM OPTIONS ###\n-Xmx1024M\n'],
  ['wss.jks', 'old'],
]);

describe('laid over', () => {
  it('a key, an option and a file are in their places, and the rest is as it was', () => {
    expect(Object.fromEntries(laidOver(conf, image))).toEqual({
      'flashphoner.properties': 'ip =\ncodecs=opus,alaw\nwss.port=8443\n',
      'log4j.properties': 'log4j.logger.RestClient=WARN\n',
      'wcs-core.properties': '### JVM OPTIONS ###\n-Xmx512m\n',
      'wss.jks': '\u0000\u00ff\r\n',
    });
  });

  it('a second time nothing changes any more', () => {
    expect(laidOver(conf, new Map([...image, ...laidOver(conf, image)]))).toEqual(new Map());
    expect(laidOver(emptyConf, image)).toEqual(new Map());
  });

  it('further settings join those that there are, and win', () => {
    const more = withSettings(
      conf,
      new Map([
        ['media_port_from', '31001'],
        ['codecs', 'opus'],
      ]),
    );
    expect(laidOver(more, image).get('flashphoner.properties')).toBe(
      'ip =\ncodecs=opus\nwss.port=8443\nmedia_port_from=31001\n',
    );
    expect(laidOver(withSettings(emptyConf, new Map([['a', '1']])), new Map())).toEqual(
      new Map([['flashphoner.properties', 'a=1\n']]),
    );
    expect(conf.settings.get('flashphoner.properties')?.size).toBe(1);
  });
});

describe('secret', () => {
  it('is what its name says', () => {
    const secret = {
      'wss.keystore.password': 'hunter22',
      rest_hook_secret_key: '1234567890',
      'aws.accessToken': 'AKIA/0',
      'license.key': 'A-B-C',
      jdbc_PWD: 'p w d',
    };
    const open = {
      codecs: 'opus,alaw',
      disable_token_check: 'true',
      token_ttl: '3600',
      monkey: 'banana',
      'key.passphrase': 'abc',
      h264_strict_kframe_detect: 'true',
    };
    const all = new Map([
      ['a.properties', new Map(Object.entries(open))],
      ['b.properties', new Map(Object.entries(secret))],
    ]);
    const options = [
      '-Djavax.net.ssl.keyStorePassword=change=it',
      '-Dhttp.proxyHost=proxy',
      '-Xmx512m',
      '-DflagSecret',
    ];
    expect(secretsIn({ settings: all, options, files: new Map() })).toEqual([
      ...Object.values(secret),
      'change=it',
    ]);
  });
});
