// Private engines, the LAN of namespaces and the stand-in: they work, and nothing of them is left, whatever happens.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, readdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { findEngine } from '../../src/demo/find-engine.ts';
import { type PrivateEngine, startPrivateEngine } from '../../src/demo/private-engine.ts';
import { buildStandIn } from '../../src/demo/stand-in/build.ts';
import { echoFrom, fetchFrom } from '../support/colleague.ts';
import { createLan, type Lan } from '../support/lan.ts';
import { mustRun } from '../support/run.ts';

const undo: (() => Promise<void>)[] = [];
const undone = async (): Promise<void> => {
  for (const step of undo.splice(0).reverse()) await step();
};
afterEach(undone);

const startEngine = async (namespace?: string): Promise<PrivateEngine> => {
  const engine = await startPrivateEngine({ namespace });
  undo.push(engine.stop);
  return engine;
};

const startLan = async (hosts: readonly string[]): Promise<Lan> => {
  const lan = await createLan({ hosts, colleague: true });
  undo.push(lan.stop);
  return lan;
};

const image = 'flashphoner/webcallserver:latest';
const directoryOf = ({ dockerHost }: PrivateEngine): string => dirname(new URL(dockerHost).pathname);
const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
const docker = (engine: PrivateEngine, ...command: readonly string[]): Promise<string> =>
  mustRun(['docker', '--host', engine.dockerHost, ...command]);

/** Living processes whose command line names the directory; one that has ended but was not collected does not count. */
const processesOf = async (directory: string): Promise<string[]> => {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry))) {
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (line.includes(directory) && Number(pid) !== process.pid) found.push(line);
  }
  return found;
};

const runStandIn = async (engine: PrivateEngine): Promise<void> => {
  await buildStandIn({ dockerHost: engine.dockerHost, reference: image });
  await docker(engine, 'network', 'create', '--subnet', '10.98.7.0/24', 'rigs');
  await docker(engine, 'run', '-d', '--name', 'one', '--net', 'rigs', '--ip', '10.98.7.9', image);
};

describe('a private engine', () => {
  test('answers, and leaves nothing after stop, which may be repeated', async () => {
    const engine = await startEngine();
    expect(await findEngine(engine.dockerHost)).toMatchObject({ version: engine.version });
    await runStandIn(engine);
    await engine.stop();
    await engine.stop();
    expect(await isThere(directoryOf(engine))).toBe(false);
    expect(await processesOf(directoryOf(engine))).toEqual([]);
    expect(await findEngine(engine.dockerHost)).toBeUndefined();
  });

  test('whose daemon was killed leaves no container, bridge, mount or file', async () => {
    const engine = await startEngine();
    await runStandIn(engine);
    const network = (await docker(engine, 'network', 'inspect', '-f', '{{.Id}}', 'rigs')).trim().slice(0, 12);
    expect(await readdir('/sys/class/net')).toContain(`br-${network}`);
    process.kill(engine.pid, 'SIGKILL');
    await engine.stop();
    expect(await isThere(directoryOf(engine))).toBe(false);
    expect(await processesOf(directoryOf(engine))).toEqual([]);
    expect(await readFile('/proc/self/mountinfo', 'utf8')).not.toContain(directoryOf(engine));
    expect(await readdir('/sys/class/net')).not.toContain(`br-${network}`);
  });

  test('goes when whoever started it is killed', async () => {
    const module = new URL('../../src/demo/private-engine.ts', import.meta.url).href;
    const script = `import { startPrivateEngine } from ${JSON.stringify(module)};
      console.log(JSON.stringify(await startPrivateEngine()));
      setInterval(() => undefined, 1000);`;
    const owner = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(owner.stdout, 'data');
    const directory = dirname(new URL(JSON.parse(String(line)).dockerHost).pathname);
    expect(await isThere(directory)).toBe(true);
    owner.kill('SIGKILL');
    while (await isThere(directory)) await delay(50);
    while ((await processesOf(directory)).length > 0) await delay(50);
  });

  test('in a directory that is there already: refused, and the directory stays', async () => {
    await expect(startPrivateEngine({ directory: '/var/tmp' })).rejects.toThrow('/var/tmp');
    expect(await isThere('/var/tmp')).toBe(true);
  });

  test('in a namespace that is not there: its own words', async () => {
    await expect(startPrivateEngine({ namespace: 'wcs-no-such' })).rejects.toThrow(
      /wcs-no-such.*No such file/,
    );
  });
});

describe('a LAN of namespaces', () => {
  test('joins its hosts, has no way out, and can unplug one', async () => {
    const lan = await startLan(['h1', 'h2']);
    expect(lan.host('h2').address).toBe('10.77.0.3');
    const look = ['arping', '-q', '-f', '-w', '2', '-I', 'eth0', lan.host('h2').address];
    expect((await lan.run('colleague', look)).code).toBe(0);
    expect((await lan.run('h1', ['ip', 'route', 'show', 'default'])).stdout).toBe('');
    await lan.plug('h2', 'out');
    expect((await lan.run('colleague', look)).code).not.toBe(0);
    await lan.plug('h2', 'in');
    expect((await lan.run('colleague', look)).code).toBe(0);
    const { namespace } = lan.host('h1');
    await lan.stop();
    expect(await isThere(`/run/netns/${namespace}`)).toBe(false);
  });
});

describe('the stand-in on a macvlan of a LAN', () => {
  test('shows to a colleague what a Web Call Server shows, and ends with 143', async () => {
    const lan = await startLan(['h1']);
    const engine = await startEngine(lan.host('h1').namespace);
    await buildStandIn({ dockerHost: engine.dockerHost, reference: image, env: { STAND_IN_BOOT_MS: '50' } });
    await docker(
      engine,
      'network',
      'create',
      '-d',
      'macvlan',
      '-o',
      'parent=eth0',
      '--subnet',
      lan.subnet,
      'rigs',
    );
    const address = '10.77.0.20';
    const variables = [
      'PASSWORD=secret-word',
      'LICENSE=number',
      `LOCAL_IP=${address}`,
      `EXTERNAL_IP=${address}`,
    ];
    const environment = variables.flatMap((variable) => ['-e', variable]);
    await docker(
      engine,
      'run',
      '-d',
      '--name',
      'one',
      '--net',
      'rigs',
      '--ip',
      address,
      ...environment,
      image,
    );

    const page = async (url: string): Promise<string> => (await fetchFrom(lan, 'colleague', url)).body;
    while ((await fetchFrom(lan, 'colleague', `https://${address}:8444/`)).status === 0) await delay(50);
    const example = `https://${address}:8444/client2/examples/demo/streaming/two_way_streaming/two_way_streaming.html`;
    expect(await page(example)).toContain('This is a stand-in');
    expect(await page(`https://${address}:8444/`)).toContain('Licence: given');
    expect(await page(`http://${address}:8081/?action=stat`)).toContain('connections_websocket=0');
    expect(await echoFrom(lan, 'colleague', `wss://${address}:8443`, 'hello')).toBe('hello');
    const properties = '/usr/local/FlashphonerWebCallServer/conf/flashphoner.properties';
    expect(await docker(engine, 'exec', 'one', 'cat', properties)).toMatch(
      /^ip =10.77.0.20\nip_local =10.77.0.20\n/,
    );
    expect(await docker(engine, 'logs', 'one')).not.toContain('secret-word');
    await docker(engine, 'stop', 'one');
    expect(await docker(engine, 'inspect', '-f', '{{.State.ExitCode}}', 'one')).toBe('143\n');
  });
});
