import { describe, expect, test } from 'vitest';
import { containerOptions } from '../../../src/docker/container-options.ts';
import { isOurs, labelsOf, readLabels } from '../../../src/docker/labels.ts';
import { networkDifferences, networkOptions } from '../../../src/docker/network.ts';
import type { NetworkPlan } from '../../../src/ports/engine.ts';
import { aSpec } from '../../support/a-spec.ts';

const policy = { installation: 'wcs', noNewPrivileges: true };

describe('what the engine is asked to make', () => {
  test('with ports on an address of the host: on that one alone, and told both addresses', () => {
    const network = {
      kind: 'published',
      network: 'wcs-rigs',
      inside: '10.231.0.2',
      tcp: [8443, 8444],
      media: { first: 31_001, last: 31_003 },
    } as const;
    const made = containerOptions(aSpec({ network, address: '10.0.0.5', external: '203.0.113.7' }), policy);
    expect(made.Env).toEqual(expect.arrayContaining(['LOCAL_IP=10.231.0.2', 'EXTERNAL_IP=203.0.113.7']));
    const ports = ['8443/tcp', '8444/tcp', '31001/udp', '31002/udp', '31003/udp'];
    expect(Object.keys(made.ExposedPorts ?? {})).toEqual(ports);
    expect(made.HostConfig?.PortBindings).toEqual(
      Object.fromEntries(ports.map((port) => [port, [{ HostIp: '10.0.0.5', HostPort: port.split('/')[0] }]])),
    );
    expect(made.HostConfig?.NetworkMode).toBe('wcs-rigs');
    expect(made.NetworkingConfig).toEqual({
      EndpointsConfig: { 'wcs-rigs': { IPAMConfig: { IPv4Address: '10.231.0.2' } } },
    });
  });

  test('on the host’s own network: under its name, with no ports to publish', () => {
    const made = containerOptions(aSpec({ network: { kind: 'host' }, address: '10.0.0.5' }), policy);
    expect(made).not.toHaveProperty('Hostname');
    expect(made).not.toHaveProperty('NetworkingConfig');
    expect(made).not.toHaveProperty('ExposedPorts');
    expect(made.HostConfig?.NetworkMode).toBe('host');
    expect(made.Env).toEqual(expect.arrayContaining(['LOCAL_IP=10.0.0.5', 'EXTERNAL_IP=10.0.0.5']));
  });

  test('in full', () => {
    const spec = aSpec({
      licence: 'lic-1',
      licenceId: 'l1',
      cpus: 1.5,
      memoryBytes: 2 ** 31,
      image: 'sha256:abc',
    });
    expect(containerOptions(spec, policy)).toEqual({
      Image: 'sha256:abc',
      Hostname: 'demo',
      Env: [
        'PASSWORD=pass-word-of-the-rig',
        'LICENSE=lic-1',
        'LOCAL_IP=192.168.23.100',
        'EXTERNAL_IP=192.168.23.100',
      ],
      Labels: {
        'wcs-rigs.installation': 'wcs',
        'wcs-rigs.rig': 'k3f9ab',
        'wcs-rigs.generation': '1',
        'wcs-rigs.name': 'demo',
        'wcs-rigs.owner': 'U0ANNA',
        'wcs-rigs.owner-name': 'anna',
        'wcs-rigs.lan': '192.168.23.0/24@192.168.23.1',
        'wcs-rigs.address': '192.168.23.100',
        'wcs-rigs.tag': 'latest',
        'wcs-rigs.created': '2026-11-23T12:00:00.000Z',
        'wcs-rigs.cap': '2026-11-24T12:00:00.000Z',
        'wcs-rigs.key-id': 'key1',
        'wcs-rigs.licence-id': 'l1',
      },
      HostConfig: {
        NetworkMode: 'wcs-test',
        AutoRemove: false,
        RestartPolicy: { Name: 'no' },
        Memory: 2 ** 31,
        MemorySwap: 2 ** 31,
        NanoCpus: 1_500_000_000,
        PidsLimit: 4096,
        Ulimits: [{ Name: 'nofile', Soft: 20_000, Hard: 20_000 }],
        LogConfig: { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '3' } },
        SecurityOpt: ['no-new-privileges'],
      },
      NetworkingConfig: {
        EndpointsConfig: { 'wcs-test': { IPAMConfig: { IPv4Address: '192.168.23.100' } } },
      },
    });
  });

  test('without a licence, a CPU limit and the bar on new privileges', () => {
    const options = containerOptions(aSpec({}), { ...policy, noNewPrivileges: false });
    expect(options.Env?.join()).not.toContain('LICENSE');
    expect(options.HostConfig).not.toHaveProperty('NanoCpus');
    expect(options.HostConfig?.SecurityOpt).toEqual([]);
    expect(options.Labels).not.toHaveProperty('wcs-rigs.licence-id');
  });

  test('with a licence that is its own: its labels say so, and are read so', () => {
    const spec = aSpec({ licence: 'lic-1', licenceId: '0000000000aa' });
    const claimed = labelsOf('wcs', { ...spec, job: { ...spec.job, licenceId: '0000000000aa' } });
    expect(claimed).toMatchObject({
      'wcs-rigs.licence-id': '0000000000aa',
      'wcs-rigs.licence-claimed': 'yes',
    });
    expect(readLabels(claimed)?.birth?.licenceId).toBe('0000000000aa');
    // One that all rigs of a host have is nobody's.
    expect(readLabels(labelsOf('wcs', spec))?.birth?.licenceId).toBeUndefined();
    // Everybody on a host can write labels.
    const forged = { ...claimed, 'wcs-rigs.licence-id': '<!channel>' };
    expect(readLabels(forged)?.birth).toMatchObject({ name: 'demo', licenceId: undefined });
  });

  test('keeps every secret out of the labels', () => {
    const labels = JSON.stringify(labelsOf('wcs', aSpec({ licence: 'lic-1', licenceId: 'l1' })));
    expect(labels).not.toContain('pass-word-of-the-rig');
    expect(labels).not.toContain('lic-1');
  });
});

describe('labels', () => {
  const labels = labelsOf('wcs', aSpec({ generation: 3 }));

  test('are read as they were written', () => {
    expect(readLabels(labels)).toMatchObject({ rig: 'k3f9ab', generation: 3, address: '192.168.23.100' });
  });

  test.each([
    ['no rig', { 'wcs-rigs.rig': '' }],
    ['a rig that could be no job', { 'wcs-rigs.rig': 'x:y' }],
    ['a rig that is none of ours', { 'wcs-rigs.rig': 'ABC' }],
    ['a generation before the first', { 'wcs-rigs.generation': '0' }],
    ['a generation that is none', { 'wcs-rigs.generation': 'x' }],
    ['an address that is none', { 'wcs-rigs.address': '1.2.3' }],
  ])('with %s are not ours to read', (_, change) => {
    expect(readLabels({ ...labels, ...change })).toBeUndefined();
  });

  test.each([
    ['a name that is none', { 'wcs-rigs.name': '*x* <!channel>' }],
    ['an owner that is none', { 'wcs-rigs.owner': 'U1> <!here' }],
    ['a LAN that is none', { 'wcs-rigs.lan': 'office\nmore' }],
    ['a LAN without an end', { 'wcs-rigs.lan': 'l'.repeat(101) }],
    ['a tag that is none', { 'wcs-rigs.tag': 'latest@sha256:0' }],
  ])('with %s are of a rig without birth facts', (_, change) => {
    expect(readLabels(labels)?.birth).toMatchObject({ name: 'demo', owner: { id: 'U0ANNA' } });
    expect(readLabels({ ...labels, ...change })).toMatchObject({ rig: 'k3f9ab', birth: undefined });
  });

  test("keep an owner's name that is odd as one line of bounded length", () => {
    const name = `anna\n\u0007of ${'x'.repeat(100)}`;
    expect(readLabels({ ...labels, 'wcs-rigs.owner-name': name })?.birth?.owner.name).toBe(
      `anna of ${'x'.repeat(72)}`,
    );
  });

  test('of another installation, or none, are foreign', () => {
    expect(isOurs(labels, 'wcs')).toBe(true);
    expect(isOurs(labels, 'wcs2')).toBe(false);
    expect(isOurs({}, 'wcs')).toBe(false);
    expect(isOurs(null, 'wcs')).toBe(false);
  });
});

describe('the network', () => {
  const plan: NetworkPlan = {
    name: 'wcs',
    mode: 'ipvlan',
    parent: 'enp0s3',
    subnet: '192.168.23.0/24',
    gateway: '192.168.23.1',
  };
  const asPlanned = {
    Id: 'n1',
    Name: 'wcs',
    Driver: 'ipvlan',
    Labels: { 'wcs-rigs.installation': 'wcs' },
    Options: { parent: 'enp0s3', ipvlan_mode: 'l2' },
    IPAM: { Config: [{ Subnet: '192.168.23.0/24', Gateway: '192.168.23.1' }] },
  };

  test('is asked for with its parent and mode, without a range, with our label', () => {
    expect(networkOptions(plan, 'wcs')).toEqual({
      Name: 'wcs',
      CheckDuplicate: true,
      Driver: 'ipvlan',
      Labels: { 'wcs-rigs.installation': 'wcs' },
      Options: { parent: 'enp0s3', ipvlan_mode: 'l2' },
      IPAM: { Config: [{ Subnet: '192.168.23.0/24', Gateway: '192.168.23.1' }] },
    });
    const bridge = { ...plan, mode: 'bridge', parent: undefined, gateway: undefined } as const;
    expect(networkOptions(bridge, 'wcs')).toMatchObject({ Driver: 'bridge', Options: {} });
    expect(networkOptions(bridge, 'wcs').IPAM).toEqual({ Config: [{ Subnet: '192.168.23.0/24' }] });
  });

  test('as planned does not differ; nor does one whose gateway was left to Docker', () => {
    expect(networkDifferences(asPlanned, plan, 'wcs')).toEqual([]);
    expect(networkDifferences(asPlanned, { ...plan, gateway: undefined }, 'wcs')).toEqual([]);
  });

  test.each([
    [{ Driver: 'macvlan' }, 'driver is macvlan and should be ipvlan'],
    [{ Options: { parent: 'eth1' } }, 'parent is eth1 and should be enp0s3'],
    [{ Options: null }, 'parent is not set and should be enp0s3'],
    [{ Options: { parent: 'enp0s3', ipvlan_mode: 'l3' } }, 'ipvlan mode is l3 and should be l2'],
    [{ Labels: null }, 'label wcs-rigs.installation is not set and should be wcs'],
    [
      { IPAM: { Config: [{ Subnet: '10.0.0.0/24', Gateway: '192.168.23.1' }] } },
      'subnet is 10.0.0.0/24 and should be 192.168.23.0/24',
    ],
    [
      {
        IPAM: {
          Config: [{ ...asPlanned.IPAM.Config[0], Subnet: '192.168.23.0/24', IPRange: '192.168.23.96/27' }],
        },
      },
      'ip-range is 192.168.23.96/27 and should be not set',
    ],
    [
      { IPAM: { Config: [{ Subnet: '192.168.23.0/24', Gateway: '192.168.23.254' }] } },
      'gateway is 192.168.23.254 and should be 192.168.23.1',
    ],
  ])('that differs says in what: %j', (change, sentence) => {
    expect(networkDifferences({ ...asPlanned, ...change }, plan, 'wcs')).toEqual([sentence]);
  });
});
