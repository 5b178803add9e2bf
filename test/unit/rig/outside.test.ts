import { expect, it } from 'vitest';
import { linkHost, shownAddress } from '../../../src/rig/outside.ts';

const rig = { address: '10.0.0.5' };

it.each([
  ['as it is', undefined, '10.0.0.5', '10.0.0.5'],
  ['translated', { external: { '10.0.0.5': '203.0.113.7' } }, '203.0.113.7', '203.0.113.7'],
  ['of another one', { external: { '10.0.0.6': '203.0.113.7' } }, '10.0.0.5', '10.0.0.5'],
  ['by name', { linkHost: 'rig-{ip-dashed}.lab' }, '10.0.0.5', 'rig-10-0-0-5.lab'],
  [
    'translated, by name',
    { linkHost: 'rig-{ip-dashed}.lab', external: { '10.0.0.5': '203.0.113.7' } },
    '203.0.113.7',
    'rig-203-0-113-7.lab',
  ],
])('an address is shown %s', (_, network, shown, link) => {
  expect(shownAddress({ ...rig, network })).toBe(shown);
  expect(linkHost({ ...rig, network })).toBe(link);
});
