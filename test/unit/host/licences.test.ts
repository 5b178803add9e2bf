// Which licence a rig's container gets: the one that it has claimed, or the one of all, and never another rig's.

import { describe, expect, it } from 'vitest';
import { type HostLicences, licenceFor, licenceTexts } from '../../../src/host/licences.ts';
import { openHost } from '../../support/a-host.ts';

const [a, b, all] = [
  { id: '0000000000aa', text: 'LICENCE-A-1234' },
  { id: '0000000000bb', text: 'LICENCE-B-1234' },
  { id: '0000000000cc', text: 'LICENCE-OF-ALL' },
];
const toChoose: HostLicences = { ofAll: undefined, toClaim: [a, b] };
const ofAll: HostLicences = { ofAll: all, toClaim: [] };
const none: HostLicences = { ofAll: undefined, toClaim: [] };

describe('a rig gets', () => {
  it.each<[string, HostLicences, string | undefined, object]>([
    ['the one that it has claimed', toChoose, b.id, { kind: 'licence', licence: b }],
    ['that one where its host has it for all by now', ofAll, all.id, { kind: 'licence', licence: all }],
    ['the one of all', ofAll, undefined, { kind: 'licence', licence: all }],
    ['none of a choice that it has not claimed from', toChoose, undefined, { kind: 'none' }],
    ['none where there is none', none, undefined, { kind: 'none' }],
    ['none but that which it has claimed', ofAll, a.id, { kind: 'unknown', id: a.id }],
  ])('%s', (_, known, claimed, expected) => {
    expect(licenceFor(known, claimed)).toEqual(expected);
  });

  it('all of them are cut out of what people read', () => {
    expect(licenceTexts({ ofAll: all, toClaim: [a, b] })).toEqual([all.text, a.text, b.text]);
    expect(licenceTexts(none)).toEqual([]);
  });
});

describe('a launch', () => {
  const open = (licences: HostLicences) => openHost({ settings: { licences } });
  const spec = ({ docker }: Awaited<ReturnType<typeof open>>) => docker.containers()[0]?.spec;

  it('resolves the id that its job carries, and says that it is licensed', async () => {
    const host = await open(toChoose);
    await host.launch(await host.claim(), { licenceId: b.id });
    expect(spec(host)).toMatchObject({ licence: b.text, licenceId: b.id, job: { licenceId: b.id } });
    expect(host.reports.all.at(-1)?.saw).toMatchObject({ kind: 'ready', image: { licensed: true } });
    expect(JSON.stringify(host.reports.all)).not.toContain(b.text);
    expect(host.log.lines.join('\n')).not.toContain(b.text);
  });

  it('without one is not licensed, and says so', async () => {
    const host = await open(toChoose);
    await host.launch(await host.claim());
    expect(spec(host)).toMatchObject({ licence: undefined, licenceId: undefined });
    expect(host.reports.all.at(-1)?.saw).toMatchObject({ kind: 'ready', image: { licensed: false } });
  });

  it('with one that this host does not know fails with a sentence, and leaves nothing', async () => {
    const host = await open(toChoose);
    await host.launch(await host.claim(), { licenceId: all.id });
    expect(host.reports.all.at(-1)?.saw).toEqual({
      kind: 'failed',
      reason: {
        kind: 'engine',
        detail: `this host does not know the licence that the rig has claimed (${all.id}): it is not, or no longer, among its WCS_LICENSES`,
      },
      tail: [],
    });
    expect(host.docker.containers()).toEqual([]);
  });

  it('goes on with the container that an earlier run has made, though the licence is not known any more', async () => {
    const host = await open(toChoose);
    const rig = await host.claim();
    await host.launch(rig, { licenceId: b.id });
    const settings = { licences: none };
    const other = await openHost({ settings, ports: { ...host.parts } });
    await other.launch(rig, { licenceId: b.id });
    expect(host.reports.all.at(-1)?.saw).toMatchObject({ kind: 'ready', image: { licensed: true } });
    expect(host.docker.containers()).toHaveLength(1);
  });

  it('cuts every licence of the host out of its last words, not only its own', async () => {
    const host = await open(toChoose);
    host.docker.publish('example/wcs:latest', { exits: 1, log: [`tried ${a.text}`, `then ${b.text}`] });
    await host.launch(await host.claim(), { licenceId: b.id });
    expect(host.reports.all.at(-1)?.saw).toMatchObject({ tail: ['tried (secret)', 'then (secret)'] });
  });
});

describe('a log', () => {
  it('of a rig with the one of all is not shown either once that is another one', async () => {
    const host = await openHost({ settings: { licences: { ofAll: a, toClaim: [] } } });
    host.docker.publish('example/wcs:latest', { log: [`activated with ${a.text}`] });
    const rig = await host.claim();
    await host.launch(rig);
    const other = await openHost({
      settings: { licences: { ofAll: b, toClaim: [] } },
      ports: { ...host.parts },
    });
    await other.askLog(rig);
    expect(host.reports.all.at(-1)?.saw).toMatchObject({ lines: [expect.stringContaining(a.id)] });
  });

  it('of a rig whose licence was taken from its host is not shown: it could not be cut out', async () => {
    const host = await openHost({ settings: { licences: toChoose } });
    host.docker.publish('example/wcs:latest', { log: [`activated with ${b.text}`] });
    const rig = await host.claim();
    await host.launch(rig, { licenceId: b.id });
    await host.askLog(rig);
    expect(host.reports.all.at(-1)?.saw).toMatchObject({ lines: ['activated with (secret)'] });
    const other = await openHost({
      settings: { licences: { ofAll: undefined, toClaim: [a] } },
      ports: { ...host.parts },
    });
    await other.askLog(rig);
    expect(host.reports.all.at(-1)?.saw).toMatchObject({
      lines: [`(not shown: this host does not know the licence that the rig has, ${b.id})`],
    });
  });
});
