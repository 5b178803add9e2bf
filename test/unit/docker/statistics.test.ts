import { expect, test } from 'vitest';
import { parseStatistics } from '../../../src/docker/statistics.ts';

const seen = (text: string) => {
  const found = parseStatistics(text);
  return found && Object.fromEntries(found);
};

test('keys count wherever they stand', () => {
  const text = `-----Connection Stats-----
connections=2
connections_websocket=2
-----Stream Stats-----
streams_webrtc_in=1
streams_webrtc_out=0
streams_viewers=stream1/1
native_resources=
core_heap_memory_usage = 12.5
version=5.2.2000-2b1f
`;
  const expected = {
    connections: 2,
    connections_websocket: 2,
    streams_webrtc_in: 1,
    streams_webrtc_out: 0,
    core_heap_memory_usage: 12.5,
  };
  expect(seen(text)).toEqual(expected);
  expect(seen(text.replaceAll('\n', '\r\n'))).toEqual(expected);
  expect(seen(text.replaceAll(/^-+.*\n/gm, ''))).toEqual(expected);
  expect(seen(`HTTP/1.0 200 OK\r\nContent-Length: 300\r\n\r\n${text}`)).toEqual(expected);
});

test.each([
  ['nothing', ''],
  ['an error page', '<html><body class="error">404 Not Found</body></html>'],
  ['a program that is not there', 'sh: curl: not found'],
  ['another form', '{"connection_stats":{"connections":"1"}}'],
  ['figures beyond reason', 'streams_webrtc_in=99999999999999999999999'],
])('%s is no statistics', (_, text) => {
  expect(parseStatistics(text)).toBeUndefined();
});
