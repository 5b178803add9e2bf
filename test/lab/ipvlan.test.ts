// ipvlan as it is in a kernel that has it: the real worker and a real engine in a virtual machine, two rigs on one parent with
// one MAC, a colleague's computer that reaches both, and a host that reaches neither. Afterwards the network is clean.

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { askEngine } from '../../src/demo/find-engine.ts';
import { lookAround } from '../support/aftermath.ts';
import { type Fleet, startFleet } from '../support/fleet.ts';
import { startVirtualHost, type VirtualHost, virtualHost } from '../support/virtual-host.ts';
import { whyNoVirtualMachine } from '../support/virtual-machine.ts';

const why = await whyNoVirtualMachine();
const title = `ipvlan in a virtual machine${why === undefined ? '' : `, which is skipped: ${why}`}`;

const twoWayStreaming = '/client2/examples/demo/streaming/two_way_streaming/two_way_streaming.html';
const { parent, addresses } = virtualHost;

const links = z.array(z.object({ ifname: z.string(), address: z.string(), link_type: z.string() }));
const neighbours = z.array(z.object({ dst: z.string(), lladdr: z.string().optional() }));
const listed = z.array(z.object({ Id: z.string(), Name: z.string() }));
const network = z.looseObject({ Driver: z.string(), Options: z.record(z.string(), z.string()) });

describe.skipIf(why !== undefined)(title, () => {
  let fleet: Fleet;
  let host: VirtualHost;
  /** Of host and colleague, before there was any rig. */
  let linksBefore: unknown;
  let networksBefore: unknown;

  const run = (words: readonly string[], seconds?: number) => host.machine.run(words, seconds);
  const colleague = ['ip', 'netns', 'exec', 'colleague'];
  const linksOf = async (where: readonly string[] = []) =>
    links.parse(JSON.parse((await run([...where, 'ip', '-j', 'link'])).stdout));
  const allLinks = async () => ({ host: await linksOf(), colleague: await linksOf(colleague) });
  const ask = async (path: string): Promise<unknown> =>
    JSON.parse((await askEngine(host.machine.dockerHost, 'GET', path, 30_000)).body);
  const networks = async () => {
    const seen: unknown[] = [];
    for (const { Id } of listed.parse(await ask('/networks'))) seen.push(await ask(`/networks/${Id}`));
    return seen;
  };
  /** What curl says, and how it ended. */
  const fetch = (where: readonly string[], url: string, words: readonly string[] = []) =>
    run([...where, 'curl', '--silent', '--insecure', '--max-time', '5', ...words, url]);

  beforeAll(async () => {
    fleet = await startFleet({ hosts: [] });
    [host] = await Promise.all([startVirtualHost(fleet), fleet.startBot()]);
    await host.startWorker();
    [linksBefore, networksBefore] = [await allLinks(), await networks()];
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') console.log(await host.machine.console());
  });
  afterAll(async () => {
    await host?.machine.stop();
    await fleet?.stop();
  });

  it('has a network of its own on the parent, with the driver ipvlan', async () => {
    const seen = network.parse(await ask(`/networks/${fleet.installation}-rigs`));
    expect(seen.Driver).toBe('ipvlan');
    expect(seen.Options).toMatchObject({ parent, ipvlan_mode: 'l2' });
  });

  it('brings up two rigs that are asked for in Slack', async () => {
    for (const name of ['one', 'two']) await fleet.type(`up ${name} for 1h on ${virtualHost.name}`);
    const cards: string[] = [];
    for (const name of ['one', 'two']) cards.push((await fleet.cardSays(name, / is ready/, 120_000)).text);
    for (const address of addresses) expect(cards.join('\n')).toContain(address);
  });

  it.each(addresses)('a colleague opens the example page on %s', async (address) => {
    const { code, stdout } = await fetch(colleague, `https://${address}:8444${twoWayStreaming}`);
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('Two Way Streaming') });
  });

  it.each(addresses)('a colleague has a WebSocket to %s', async (address) => {
    const upgrade = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'];
    const headers = [...upgrade, 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='];
    const words = ['--http1.1', '--include', ...headers.flatMap((header) => ['--header', header])];
    // It stays open, so that curl goes on until its time is over.
    const { stdout } = await fetch(colleague, `https://${address}:8443/`, words);
    expect(stdout).toMatch(/^HTTP\/1\.1 101 /);
    expect(stdout).toMatch(/^Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=\r$/im);
  });

  it('the colleague sees both with one MAC, that of the parent', async () => {
    const seen = neighbours.parse(JSON.parse((await run([...colleague, 'ip', '-j', 'neigh'])).stdout));
    const macs = addresses.map((address) => seen.find(({ dst }) => dst === address)?.lladdr);
    const own = (await linksOf()).find(({ ifname }) => ifname === parent)?.address;
    expect(own).toMatch(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/);
    expect(macs).toEqual([own, own]);
  });

  it.each(addresses)('their host does not reach %s', async (address) => {
    const { code, stdout } = await fetch([], `https://${address}:8444/`);
    // No way to it, or no answer.
    expect([7, 28]).toContain(code);
    expect(stdout).toBe('');
    // It does reach the rest of its LAN.
    expect((await run(['ping', '-c', '1', '10.77.0.3'])).code).toBe(0);
  });

  it('takes both down, tells so, and gives back what they held', async () => {
    await fleet.type('down one two');
    for (const name of ['one', 'two']) {
      await fleet.cardSays(name, / · ended/, 60_000);
      await fleet.slack.until(() => fleet.replies(name).some((text) => /gone/.test(text)), 60_000);
    }
    const grounds = { ...fleet, hosts: [] };
    await expect
      .poll(async () => lookAround(grounds), { timeout: 60_000, interval: 500 })
      .toEqual({ rigs: [], faults: [] });
  });

  it('leaves no container, no interface and no network but its own', async () => {
    const helpers = async () => ask('/containers/json?all=1');
    await expect.poll(helpers, { timeout: 60_000, interval: 500 }).toEqual([]);
    expect(await allLinks()).toEqual(linksBefore);
    expect(await networks()).toEqual(networksBefore);
  });

  it('ends in order when it is asked to, and the network stays for the next one', async () => {
    await host.endWorker();
    expect(await networks()).toEqual(networksBefore);
    expect(await host.machine.console()).not.toMatch(/Unhandled|at .*\.ts:\d+/);
  });

  it('gave Slack no cause to object', () => {
    expect(fleet.slack.violations).toEqual([]);
  });
});
