// WCS_CONF from the worker's environment to the files in a rig on a real engine: laid over before its first start, with a heap that
// fits, and no secret of it anywhere else.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { askEngine } from '../../src/demo/find-engine.ts';
import { type PrivateEngine, startPrivateEngine } from '../../src/demo/private-engine.ts';
import { type PrivateRedis, startPrivateRedis } from '../../src/demo/private-redis.ts';
import { buildStandIn } from '../../src/demo/stand-in/build.ts';
import { confFiles } from '../../src/demo/stand-in/conf-files.ts';
import type { Rig } from '../../src/rig/rig.ts';
import type { RunningWorker } from '../../src/worker.ts';
import { type Bench, openBench } from '../support/a-worker.ts';
import { createLan, type Lan } from '../support/lan.ts';
import { startProcess } from '../support/process.ts';
import { listConf } from '../support/read-conf.ts';
import { mustRun } from '../support/run.ts';

const repository = 'localhost/stand-in';
const keystorePassword = 'correct-horse-keystore';
const proxyPassword = 'battery-staple-proxy';

describe("a rig with an operator's settings", () => {
  let lan: Lan;
  let redis: PrivateRedis;
  let engine: PrivateEngine;
  let bench: Bench;
  let worker: RunningWorker | undefined;
  let folder = '';

  beforeAll(async () => {
    lan = await createLan({ hosts: ['h1'] });
    redis = await startPrivateRedis();
    engine = await startPrivateEngine({ namespace: lan.host('h1').namespace });
    const { dockerHost } = engine;
    await buildStandIn({ dockerHost, reference: `${repository}:latest`, env: { STAND_IN_BOOT_MS: '50' } });
    await buildStandIn({ dockerHost, reference: `${repository}:broken`, env: { STAND_IN_FAIL: 'exit' } });
  });
  afterAll(async () => {
    await engine?.stop();
    await redis?.stop();
    await lan?.stop();
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wcs-conf-'));
    const image = `${repository}:latest`;
    bench = await openBench({ redisUrl: redis.url, dockerHost: engine.dockerHost, image });
  });
  afterEach(async () => {
    await worker?.stop();
    worker = undefined;
    for (const id of await containers()) await docker('rm', '-f', id);
    await askEngine(engine.dockerHost, 'DELETE', `/networks/${bench.installation}-rigs`);
    await bench.close();
    await rm(folder, { recursive: true });
  });

  const docker = (...words: readonly string[]): Promise<string> =>
    mustRun(['docker', '--host', engine.dockerHost, ...words]);
  const containers = async (): Promise<string[]> => {
    const ids = await docker('ps', '-aq', '--filter', `label=wcs-rigs.installation=${bench.installation}`);
    return ids.split('\n').filter((id) => id !== '');
  };
  const bringUp = async (environment: Readonly<Record<string, string>>): Promise<Rig> => {
    worker = await bench.startWorker(environment);
    const rig = await bench.claim();
    await bench.launch(rig);
    await bench.report(rig.id, 'ready');
    return rig;
  };
  const cat = async (file: string): Promise<string> =>
    docker('exec', (await containers())[0] ?? '', 'cat', `/usr/local/FlashphonerWebCallServer/conf/${file}`);
  /** What WCS comes with, as its addresses are written into it. */
  const usual = ({ address }: Rig): string =>
    (confFiles['flashphoner.properties'] ?? '')
      .replace('ip =', `ip =${address}`)
      .replace('ip_local =', `ip_local =${address}`);
  const usualOptions = confFiles['wcs-core.properties'] ?? '';

  it('has half its memory as heap where nothing is said, and all else is as WCS comes with it', async () => {
    const rig = await bringUp({ WCS_RIG_MEMORY: '192m' });
    expect(await cat('flashphoner.properties')).toBe(usual(rig));
    expect(await cat('wcs-core.properties')).toBe(`${usualOptions.replace('-Xmx1024M', '-Xmx96m')}-Xms96m\n`);
  });

  it('has what a list says in its place, and no other key is touched', async () => {
    const rig = await bringUp({
      WCS_CONF: `codecs=opus,h264,disable_rest_auth=false,wss.keystore.password=${keystorePassword},-Xmx48m,-Dproxy.password=${proxyPassword}`,
    });
    const before = usual(rig).replace(/^codecs =.*$/m, 'codecs =opus,h264');
    expect(await cat('flashphoner.properties')).toBe(
      `${before}disable_rest_auth=false\nwss.keystore.password=${keystorePassword}\n`,
    );
    expect(await cat('wcs-core.properties')).toBe(
      `${usualOptions.replace('-Xmx1024M', '-Xmx48m')}-Dproxy.password=${proxyPassword}\n-Xms48m\n`,
    );
  });

  it('has what a folder has: keys of properties files laid over, other files whole', async () => {
    const keystore = Buffer.from([0xfe, 0xed, 0, 13, 10, 255]);
    await writeFile(join(folder, 'wss.jks'), keystore);
    await writeFile(join(folder, 'database.yml'), '# users\n');
    await writeFile(
      join(folder, 'flashphoner.properties'),
      `# ours\r\nwss.keystore.password : ${keystorePassword}\r\nmedia_port_to = 31099\r\n`,
    );
    await writeFile(join(folder, 'wcs-core.properties'), '# ours\n-Djava.net.preferIPv4Stack=false\n');
    const rig = await bringUp({ WCS_CONF: folder });
    const before = usual(rig).replace('media_port_to =32000', 'media_port_to =31099');
    expect(await cat('flashphoner.properties')).toBe(`${before}wss.keystore.password=${keystorePassword}\n`);
    expect(await cat('wcs-core.properties')).toBe(
      `${usualOptions.replace('-Xmx1024M', '-Xmx64m').replace('Stack=true', 'Stack=false')}-Xms64m\n`,
    );
    const files = await listConf(engine.dockerHost, (await containers())[0] ?? '');
    expect(files.find(({ name }) => name === 'wss.jks')?.text).toBe(keystore.toString('latin1'));
    expect(files.map(({ name, owner }) => [name, owner]).sort()).toEqual([
      ['database.yml', '999:999 664'],
      ['flashphoner.properties', '999:999 664'],
      ['wcs-core.properties', '999:999 664'],
      ['wss.jks', '999:999 664'],
    ]);
    expect(await docker('logs', (await containers())[0] ?? '')).toContain(
      'media ports 31001-31099, heap 64m',
    );
  });

  it('shows no secret of them: not in its labels, its last lines, a log, the registry or a note', async () => {
    // Redis' own program: the library's monitor loses its place when words come together with the answer.
    const monitor = startProcess(['redis-cli', '-p', String(redis.port), 'monitor'], {});
    await monitor.says('OK');
    worker = await bench.startWorker({
      WCS_CONF: `wss.keystore.password=${keystorePassword}\n-Dproxy.password=${proxyPassword}`,
    });
    const broken = await bench.claim({ tag: 'broken' });
    await bench.launch(broken);
    const { saw } = await bench.report(broken.id, 'failed');
    expect(saw.kind === 'failed' && saw.tail.join('\n')).toMatch(/and the keystore's \(secret\) failed/);
    const rig = await bench.claim();
    await bench.launch(rig);
    await bench.report(rig.id, 'ready');
    await monitor.end('SIGTERM');
    const seen = [
      JSON.stringify(bench.reports(broken.id)),
      await docker('inspect', ...(await containers())),
      bench.log.lines.join('\n'),
      monitor.output(),
      await mustRun(['sh', '-c', `cat ${bench.stateDir}/*/*`]),
    ];
    // Where something is to be seen, so that a look at nothing does not count.
    expect(seen.map((text) => text.includes(rig.id) || text.includes(broken.id))).toEqual(
      seen.map(() => true),
    );
    for (const text of seen) expect(text).not.toMatch(/correct-horse|battery-staple/);
    expect(await cat('wcs-core.properties')).toContain(proxyPassword);
  });
});
