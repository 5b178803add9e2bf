// F12: Docker says that the address is in use. The rig gets another one and starts there, operators are told once, and the
// address is set aside until an admin says that it is free.

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Fleet, fleetImage, startFleet } from '../../support/fleet.ts';
import { mustRun } from '../../support/run.ts';

/** The operators' own channel. */
const ops = '#lab';
const [first, second] = ['10.77.0.100', '10.77.0.101'];

describe('F12 Docker says that the address is in use', () => {
  let fleet: Fleet;
  const docker = (...words: string[]) =>
    mustRun(['docker', '-H', fleet.host('h1').engine.dockerHost, ...words]);
  const notices = () => fleet.slack.messages(ops).map(({ text }) => text);
  const squat = (name: string, address: string) =>
    docker(
      ...['run', '-d', '--name', name, '--network', `${fleet.installation}-rigs`, '--ip', address],
      ...[`${fleetImage}:latest`, '/bin/sleep', '1000'],
    );

  beforeAll(async () => {
    fleet = await startFleet({ hosts: ['h1'], addressesEach: 3 });
    await fleet.startBot({
      WCS_ADMIN_CHANNEL: fleet.slack.channel(ops).id,
      WCS_ADMINS: fleet.slack.person('ben').id,
    });
    await fleet.startWorker('h1');
    await squat('squatter', first);
  });
  afterAll(async () => {
    await fleet?.stop();
  });
  afterEach(() => {
    expect(fleet.slack.violations).toEqual([]);
  });

  it('the rig starts on the next one, nobody has to try again, and operators are told once', async () => {
    await fleet.type('up demo for 1h');
    const card = await fleet.cardSays('demo', / is ready/, 60_000);
    expect(JSON.stringify(card)).toContain(second);
    expect(await fleet.containers('h1')).toMatchObject([
      { address: second, generation: 2, state: 'running' },
    ]);
    const told = () =>
      notices().filter((text) => /Docker on .*h1.* says that .*10\.77\.0\.100.* is in use/.test(text));
    await fleet.slack.until(() => told().length > 0, 20_000, 'a notice');
    await fleet.type('down demo');
    await fleet.cardSays('demo', / · ended/, 60_000);
    expect(told()).toHaveLength(1);
    // What was not ours is as it was.
    expect(await docker('ps', '--format', '{{.Names}}')).toBe('squatter\n');
  });

  it('an admin releases it, and a rig gets it when its turn comes', async () => {
    await docker('rm', '-f', 'squatter');
    await fleet.type(`addresses release ${first}`, 'ben');
    const said = () => fleet.slack.ephemerals('ben', '#rigs').some(({ text }) => /is back/.test(text));
    await fleet.slack.until(said, 10_000, 'an answer');
    for (const name of ['one', 'two', 'three']) await fleet.type(`up ${name} for 1h`);
    for (const name of ['one', 'two', 'three']) await fleet.cardSays(name, / is ready/, 60_000);
    expect((await fleet.containers('h1')).map(({ address }) => address).toSorted()).toEqual([
      first,
      second,
      '10.77.0.102',
    ]);
    for (const name of ['one', 'two', 'three']) await fleet.type(`down ${name}`);
    for (const name of ['one', 'two', 'three']) await fleet.cardSays(name, / · ended/, 60_000);
  });

  it('without a free one it fails with a sentence, and nothing of it is left', async () => {
    for (const [index, address] of [first, second, '10.77.0.102'].entries())
      await squat(`s${index}`, address);
    await fleet.type('up unlucky for 1h');
    const card = await fleet.cardSays('unlucky', /failed/, 60_000);
    expect(card.text).toContain('unlucky');
    await fleet.slack.until(
      () =>
        fleet
          .replies('unlucky')
          .some((text) => /already has the address .* and its host has no other that is free/.test(text)),
      20_000,
      'a sentence in the thread',
    );
    expect(await fleet.containers('h1')).toEqual([]);
  });
});
