// A registry of one's own (Debian's `docker-registry`) on the loopback of a namespace, where an engine in the same
// namespace takes it without TLS, and images to put into it.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { startKept } from '../../src/demo/kept.ts';
import { mustRun, run } from './run.ts';

export type PrivateRegistry = {
  /** `127.0.0.1:5000`, the first part of its images' names. */
  readonly host: string;
  /**
   * Puts a small image with this content as its only file into the registry, without an engine. Gives the digest under
   * which the registry has it now. Not for running.
   */
  readonly publish: (repository: string, tag: string, content: string) => Promise<string>;
  /**
   * The image that has the name `from` on the engine, with other variables, pushed under another name, which the
   * engine then has as before: a stand-in in several builds, whose large layer is sent once.
   */
  readonly publishFrom: (
    dockerHost: string,
    from: string,
    reference: string,
    env: Readonly<Record<string, string>>,
  ) => Promise<string>;
  /** It takes connections and says nothing any more. */
  readonly silence: () => void;
  readonly wake: () => void;
  readonly stop: () => Promise<void>;
};

export type RegistryOptions = {
  readonly namespace: string;
  readonly port?: number | undefined;
  /** Only `anna` with the password `word` may come in. */
  readonly isClosed?: boolean | undefined;
};

/** What `closed` registries want, as a Docker `config.json` has it. */
export const annasAuth = Buffer.from('anna:word').toString('base64');

export const startPrivateRegistry = async (options: RegistryOptions): Promise<PrivateRegistry> => {
  const { namespace, port = 5000, isClosed = false } = options;
  const { told, stop } = await startKept(
    new URL('private-registry-keeper.ts', import.meta.url),
    { namespace, port, isClosed },
    z.object({ pid: z.number() }),
  );
  const host = `127.0.0.1:${port}`;
  return {
    host,
    publish: async (repository, tag, content) => {
      const name = repository.slice(host.length + 1);
      const values = [`http://${host}`, name, tag, content, `Basic ${annasAuth}`];
      const script = [process.execPath, '--input-type=module', '-e', publishScript, ...values];
      return (await mustRun(['nsenter', `--net=/run/netns/${namespace}`, ...script])).trim();
    },
    publishFrom: async (dockerHost, from, reference, env) => {
      const docker = (...command: readonly string[]) => mustRun(['docker', '--host', dockerHost, ...command]);
      const before = await run([
        'docker',
        '--host',
        dockerHost,
        'image',
        'inspect',
        '-f',
        '{{.Id}}',
        reference,
      ]);
      const container = (await docker('create', from)).trim();
      const changes = Object.entries(env).flatMap(([key, value]) => ['--change', `ENV ${key}=${value}`]);
      await docker('commit', ...changes, container, reference);
      await docker('rm', container);
      const digest = await push(dockerHost, reference, isClosed ? host : undefined);
      if (before.code === 0) await docker('tag', before.stdout.trim(), reference);
      return digest;
    },
    silence: () => void process.kill(told.pid, 'SIGSTOP'),
    wake: () => void process.kill(told.pid, 'SIGCONT'),
    stop,
  };
};

/** Run in the namespace by Node: a layer, its configuration and the manifest over the registry's HTTP interface. */
const publishScript = `
import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { pack } from ${JSON.stringify(import.meta.resolve('tar-stream'))};
const [base, name, tag, content, authorization] = process.argv.slice(1);
const ask = async (method, url, body, type = 'application/octet-stream') => {
  const answer = await fetch(new URL(url, base), { method, body, headers: { authorization, 'content-type': type } });
  if (!answer.ok) throw new Error(method + ' ' + url + ': ' + answer.status + ' ' + (await answer.text()));
  return answer.headers;
};
const digestOf = (bytes) => 'sha256:' + createHash('sha256').update(bytes).digest('hex');
const upload = async (bytes, mediaType) => {
  const digest = digestOf(bytes);
  const place = new URL((await ask('POST', '/v2/' + name + '/blobs/uploads/')).get('location'), base);
  place.searchParams.set('digest', digest);
  await ask('PUT', place, bytes);
  return { mediaType, size: bytes.length, digest };
};
const tar = pack();
tar.entry({ name: 'content' }, content);
tar.finalize();
const layer = await buffer(tar);
const configuration = {
  architecture: process.arch === 'x64' ? 'amd64' : process.arch, os: 'linux', config: { Cmd: ['/content'] },
  rootfs: { type: 'layers', diff_ids: [digestOf(layer)] },
};
const kind = 'application/vnd.docker.distribution.manifest.v2+json';
const manifest = JSON.stringify({
  schemaVersion: 2, mediaType: kind,
  config: await upload(Buffer.from(JSON.stringify(configuration)), 'application/vnd.docker.container.image.v1+json'),
  layers: [await upload(gzipSync(layer), 'application/vnd.docker.image.rootfs.diff.tar.gzip')],
});
const headers = await ask('PUT', '/v2/' + name + '/manifests/' + tag, manifest, kind);
console.log(headers.get('docker-content-digest'));
`;

const push = async (dockerHost: string, reference: string, login: string | undefined): Promise<string> => {
  const config = await mkdtemp(join(tmpdir(), 'wcs-login-'));
  try {
    const auths = login === undefined ? {} : { [login]: { auth: annasAuth } };
    await writeFile(join(config, 'config.json'), JSON.stringify({ auths }));
    const docker = ['docker', '--config', config, '--host', dockerHost];
    const said = await mustRun([...docker, 'push', reference], 60);
    await mustRun([...docker, 'rmi', reference]);
    const digest = /digest: (sha256:[0-9a-f]{64})/.exec(said)?.[1];
    if (digest === undefined) throw new Error(`the push did not say a digest: ${said}`);
    return digest;
  } finally {
    await rm(config, { recursive: true });
  }
};
