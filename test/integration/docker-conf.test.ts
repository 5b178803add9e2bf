// WCS's settings on a real engine: what the contract cannot say of both.

import { describe, expect, test } from 'vitest';
import { emptyConf, type WcsConf, withSettings } from '../../src/rig/wcs-conf.ts';
import { refusalOf, until, useDocker } from '../support/docker-place.ts';
import { listConf } from '../support/read-conf.ts';
import { startUnixProxy } from '../support/unix-proxy.ts';

const { undo, place, connectTo, docker, specFor, variant } = useDocker();
const home = '/usr/local/FlashphonerWebCallServer';

const conf: WcsConf = {
  settings: new Map([['flashphoner.properties', new Map([['wss.keystore.password', 'hunter22']])]]),
  options: ['-Xmx64m'],
  files: new Map([['wss.jks', 'key']]),
};

const made = async (id: string, address: string, reference?: string): Promise<string> =>
  (await place().engine.create(await specFor({ id, address }, reference))).container;
const ownersOf = async (container: string) =>
  Object.fromEntries((await listConf(place().dockerHost, container)).map(({ name, owner }) => [name, owner]));

/** The image after these commands in it. */
const changed = async (name: string, script: string): Promise<string> => {
  const container = (
    await docker('create', '--entrypoint', 'sh', await variant(`${name}-base`), '-c', script)
  ).trim();
  await docker('start', '-a', container);
  const reference = `flashphoner/webcallserver:${name}`;
  await docker(
    'commit',
    '--change',
    'ENTRYPOINT []',
    '--change',
    'CMD ["/bin/node", "/stand-in/server.mjs"]',
    container,
    reference,
  );
  await docker('rm', container);
  return reference;
};

describe('settings laid over', () => {
  test('leave owners and rights as they were, and what is new is as its neighbours are', async () => {
    const container = await made('owners', '10.78.0.40');
    expect(await ownersOf(container)).toEqual({
      'flashphoner.properties': '999:999 664',
      'wcs-core.properties': '999:999 664',
    });
    await place().engine.layOver(container, conf);
    expect(await ownersOf(container)).toEqual({
      'flashphoner.properties': '999:999 664',
      'wcs-core.properties': '999:999 664',
      'wss.jks': '999:999 664',
    });
    await place().engine.remove(container, 0);
  });

  test('are what WCS finds when it starts, and it writes its addresses beside them', async () => {
    const container = await made('starts', '10.78.0.41');
    await place().engine.layOver(container, withSettings(conf, new Map([['media_port_to', '31099']])));
    await place().engine.start(container);
    await until(async () => (await place().engine.listeningPorts(container))?.has(8444) ?? false);
    const text = await docker('exec', container, 'cat', `${home}/conf/flashphoner.properties`);
    expect(text).toMatch(/^ip =10\.78\.0\.41\nip_local =10\.78\.0\.41\n/);
    expect(text).toMatch(/^media_port_to =31099$/m);
    expect(text).toMatch(/\nwss\.keystore\.password=hunter22\n$/);
    expect(await docker('logs', container)).toContain('media ports 31001-31099, heap 64m');
    await place().engine.remove(container, 0);
  });

  test('go into the body of a request, never into a URL', async () => {
    const proxy = await startUnixProxy(place().dockerHost);
    undo.push(proxy.stop);
    const container = await made('body', '10.78.0.42');
    await connectTo(proxy.dockerHost).layOver(container, conf);
    const asked = proxy.asked();
    expect(asked.map((text) => text.slice(0, text.indexOf('\r\n'))).join('\n')).not.toMatch(/hunter22|Xmx/);
    expect(asked.filter((text) => text.includes('hunter22'))).toHaveLength(1);
    await place().engine.remove(container, 0);
  });

  test('in an image without the folder make one, through the link of its home', async () => {
    const bare = await changed('bare', `busybox rm -r ${home}/conf`);
    const container = await made('bare', '10.78.0.43', bare);
    await place().engine.layOver(container, { ...conf, settings: new Map() });
    expect(await ownersOf(container)).toEqual({ 'wcs-core.properties': '0:0 640', 'wss.jks': '0:0 640' });
    expect(await docker('cp', `${container}:${home}`, '-')).toContain('FlashphonerWebCallServer-5.2');
    await place().engine.layOver(container, { ...conf, settings: new Map() });
    await place().engine.remove(container, 0);
    const none = await changed('none', `busybox rm -r ${home} ${home}-5.2`);
    const other = await made('none', '10.78.0.44', none);
    await place().engine.layOver(other, { ...emptyConf, options: ['-Xmx64m'] });
    expect(await ownersOf(other)).toEqual({ 'wcs-core.properties': '0:0 640' });
    await place().engine.remove(other, 0);
  });

  test('in an image whose folder is a link elsewhere come to where it leads', async () => {
    const linked = await changed(
      'linked',
      `busybox mv ${home}/conf /etc/wcs; busybox ln -s /etc/wcs ${home}/conf`,
    );
    const container = await made('linked', '10.78.0.45', linked);
    await place().engine.layOver(container, conf);
    expect(Object.keys(await ownersOf(container)).sort()).toEqual([
      'flashphoner.properties',
      'wcs-core.properties',
      'wss.jks',
    ]);
    expect(await docker('cp', `${container}:/etc/wcs/wss.jks`, '-')).toContain('key');
    await place().engine.remove(container, 0);
  });

  test('over what is no plain file in the image are refused in one line', async () => {
    const odd = await changed(
      'odd',
      `cd ${home}/conf; busybox mv wcs-core.properties x; busybox ln -s x wcs-core.properties`,
    );
    const container = await made('odd', '10.78.0.46', odd);
    expect(await refusalOf(place().engine.layOver(container, conf))).toBe(
      `${home}/conf/wcs-core.properties in the image is no plain file`,
    );
    await place().engine.remove(container, 0);
  });
});
