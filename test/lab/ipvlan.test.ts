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
const title = `ipvlan in a virtual machine${why === undefined ? '' : ` (not shown here: ${why})`}`;

const { parent, addresses } = virtualHost;
const page = '/client2/examples/demo/streaming/two_way_streaming/two_way_streaming.html';
const patience = 120_000;

const linksSchema = z.array(z.object({ ifname: z.string(), address: z.string(), operstate: z.string() }));
const neighboursSchema = z.array(z.object({ dst: z.string(), lladdr: z.string().optional() }));
const networkSchema = z.looseObject({
  Name: z.string(),
  Driver: z.string(),
  Options: z.record(z.string(), z.string()),
});

/** Says a word to a WebSocket, and prints what comes back. Node's own trusts no certificate that it does not know. */
const echoScript = `
const socket = new WebSocket(process.argv[1]);
socket.onopen = () => socket.send(process.argv[2]);
socket.onmessage = ({ data }) => { console.log(data); process.exit(0); };
socket.onerror = ({ message }) => { console.log(message); process.exit(1); };
setTimeout(() => { console.log('no answer'); process.exit(1); }, 20_000);
`;

describe.skipIf(why !== undefined)(title, () => {
  let fleet: Fleet;
  let host: VirtualHost;
  let shown = 0;
  let before: Awaited<ReturnType<typeof lookAtNetwork>>;

  const run = async (...words: readonly string[]) => host.machine.run(words, 60);
  const colleague = ['ip', 'netns', 'exec', 'colleague'];
  const linksOf = async (...where: readonly string[]) =>
    linksSchema.parse(JSON.parse((await run(...where, 'ip', '-j', 'link')).stdout));
  const ask = async (path: string): Promise<unknown> =>
    JSON.parse((await askEngine(host.machine.dockerHost, 'GET', path, 30_000)).body);
  const networks = async () => {
    const all = z.array(networkSchema).parse(await ask('/networks'));
    return all.toSorted((one, other) => one.Name.localeCompare(other.Name));
  };
  /** What the colleague takes for the MAC of each address. */
  const macsSeen = async () => {
    const seen = neighboursSchema.parse(JSON.parse((await run(...colleague, 'ip', '-j', 'neigh')).stdout));
    return addresses.map((address) => seen.find(({ dst }) => dst === address)?.lladdr);
  };
  /** All that a rig could leave behind: interfaces, network namespaces and Docker's networks. */
  const lookAtNetwork = async () => ({
    host: await linksOf(),
    colleague: await linksOf(...colleague),
    // Docker leaves their empty files there for a minute.
    namespaces: (await run('grep', ' nsfs ', '/proc/mounts')).stdout,
    networks: await networks(),
  });

  beforeAll(async () => {
    fleet = await startFleet({ hosts: [] });
    [host] = await Promise.all([startVirtualHost(fleet), fleet.startBot()]);
    before = await lookAtNetwork();
  }, 2 * patience);
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return;
    const words = await host.machine.console();
    console.log(`the console, up to the end of “${task.name}”\n${words.slice(shown)}`);
    shown = words.length;
  });
  afterAll(async () => {
    await host?.machine.stop();
    await fleet?.stop();
  });

  it('has a network of its own on the parent, with the driver ipvlan', () => {
    const own = before.networks.find(({ Name }) => Name === `${fleet.installation}-rigs`);
    expect(own).toMatchObject({ Driver: 'ipvlan', Options: { parent, ipvlan_mode: 'l2' } });
  });

  it('has a colleague that knows both addresses as those of other machines', async () => {
    // For so long that it does not ask anew: what it finds later it was told.
    await run(...colleague, 'sysctl', '-qw', 'net.ipv4.neigh.eth0.base_reachable_time_ms=3600000');
    for (const [index, address] of addresses.entries()) {
      const known = ['lladdr', `02:00:00:00:00:0${index}`, 'dev', 'eth0', 'nud', 'reachable'];
      await run(...colleague, 'ip', 'neigh', 'replace', address, ...known);
    }
    expect(await macsSeen()).toEqual(['02:00:00:00:00:00', '02:00:00:00:00:01']);
  });

  it('brings up two rigs that are asked for in Slack', async () => {
    await fleet.type('up one for 1h');
    await fleet.type('up two for 1h');
    const one = await fleet.cardSays('one', / is ready/, patience);
    const two = await fleet.cardSays('two', / is ready/, patience);
    for (const address of addresses) expect(`${one.text} ${two.text}`).toContain(address);
  });

  it('tells the colleague that both have one MAC, that of the parent', async () => {
    const own = before.host.find(({ ifname }) => ifname === parent)?.address;
    expect(own).toMatch(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/);
    await expect.poll(macsSeen, { timeout: patience, interval: 500 }).toEqual([own, own]);
    expect(await host.machine.console()).not.toContain('could not be announced');
  });

  it.each(addresses)('a colleague opens the example page on %s', async (address) => {
    const url = `https://${address}:8444${page}`;
    const { code, stdout } = await run(...colleague, 'curl', '-sk', '--max-time', '20', url);
    expect(stdout).toContain('Two Way Streaming');
    expect(code).toBe(0);
  });

  it.each(addresses)('a colleague is heard by the WebSocket of %s', async (address) => {
    const trusting = ['env', 'NODE_TLS_REJECT_UNAUTHORIZED=0', 'node', '-e', echoScript];
    const { code, stdout } = await run(...colleague, ...trusting, `wss://${address}:8443`, 'hello');
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'hello\n' });
  });

  it('their host reaches neither, though it reaches the colleague', async () => {
    // Beside each other, since each waits until nobody has answered.
    const asked = addresses.map((address) =>
      run('curl', '-sk', '--max-time', '10', `https://${address}:8444${page}`),
    );
    for (const { code, stdout } of await Promise.all(asked)) {
      // No way to the host, or no answer in time.
      expect([7, 28]).toContain(code);
      expect(stdout).toBe('');
    }
    expect((await run('ping', '-c', '1', virtualHost.colleague)).code).toBe(0);
  });

  it('takes both down, tells so, and gives back what they held', async () => {
    await fleet.type('down one two');
    for (const name of ['one', 'two']) {
      await fleet.cardSays(name, / · ended/, patience);
      await fleet.slack.until(() => fleet.replies(name).some((text) => /gone/.test(text)), patience);
    }
    const registry = () => lookAround({ ...fleet, hosts: [] });
    await expect.poll(registry, { timeout: patience, interval: 500 }).toEqual({ rigs: [], faults: [] });
  });

  it('leaves no container, no file of a rig, and the network as it was', async () => {
    // The helper that announced a rig may still be at it.
    const containers = () => ask('/containers/json?all=1');
    await expect.poll(containers, { timeout: patience, interval: 500 }).toEqual([]);
    expect(await lookAtNetwork()).toEqual(before);
    const files = await run('ls', `${virtualHost.stateDir}/${fleet.installation}`);
    expect(files.stdout).not.toMatch(/^[a-z0-9]{6}\.json/m);
  });

  it('ends in order when it is asked to, and leaves its network for the next one', async () => {
    await host.endWorker();
    expect(await lookAtNetwork()).toEqual(before);
    expect(await host.machine.console()).not.toMatch(/Unhandled|at .*\.ts:\d+/);
  });

  it('gave Slack no cause to object', () => {
    expect(fleet.slack.violations).toEqual([]);
  });
});
