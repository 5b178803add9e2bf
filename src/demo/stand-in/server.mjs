// Runs inside the stand-in image, with nothing but Node: what a Web Call Server shows to the outside, without any media.
// Same variables, same ports, same files; every page says that it is a stand-in.

import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer as createWebServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { createServer as createTcpServer } from 'node:net';

const home = '/usr/local/FlashphonerWebCallServer';
const env = process.env;
const bootTime = Number(env.STAND_IN_BOOT_MS ?? 800);
const fault = env.STAND_IN_FAIL ?? '';
// Whether the real one listens on its own address alone is not known: `own` makes this one do so.
const bound = env.STAND_IN_BIND === 'own' && env.LOCAL_IP ? env.LOCAL_IP : '0.0.0.0';
const examples = '/client2/examples/demo/streaming';

const say = (text) => console.log(`${new Date().toISOString()} INFO stand-in - ${text}`);
const connections = { connections: 0, connections_websocket: 0 };
const streams = {
  streams_webrtc_in: 0,
  streams_webrtc_out: 0,
  streams_rtmp_in: 0,
  streams_rtmp_out: 0,
  streams_rtsp_in: 0,
  streams_rtsp_out: 0,
  streams_viewers: 0,
};

// As the first process of a container there is no default action for signals. 143: what the real one ends with.
process.on('SIGTERM', () => {
  say('SIGTERM: ending');
  process.exit(143);
});

const conf = (name) => `${home}/conf/${name}`;

// As the real one does: the addresses are written into what is there, and all else counts as it stands.
const setAddresses = () => {
  const set = (text, key, value = '') =>
    text.replace(new RegExp(`^(${key}[ \\t]*=)[^\\r\\n]*`, 'm'), (_, start) => start + value);
  const text = readFileSync(conf('flashphoner.properties'), 'latin1');
  const own = set(set(text, 'ip', env.EXTERNAL_IP), 'ip_local', env.LOCAL_IP);
  writeFileSync(conf('flashphoner.properties'), own, 'latin1');
};

const found = (name, pattern) => pattern.exec(readFileSync(conf(name), 'latin1'))?.[1] ?? 'not given';
const mediaPorts = ['from', 'to']
  .map((end) => found('flashphoner.properties', new RegExp(`^media_port_${end}[ \\t]*=[ \\t]*(\\d+)`, 'm')))
  .join('-');
const heap = found('wcs-core.properties', /^-Xmx(\S+)/m);
const keystorePassword = found('flashphoner.properties', /^wss\.keystore\.password[ \t]*=[ \t]*(.*)/m);

const escapeText = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

const page = (title, body) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${title} (stand-in)</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem}
.note{border-left:4px solid #b58900;padding:.5rem 1rem;background:#fdf6e3;color:#333}</style></head>
<body><h1>${title}</h1>
<p class="note"><strong>This is a stand-in, not a Web Call Server.</strong>
It has the same ports and pages, and no real media.</p>${body}</body></html>
`;

const links = `<ul><li><a href="${examples}/two_way_streaming/two_way_streaming.html">Two Way Streaming</a></li>
<li><a href="${examples}/player/player.html">Player</a></li></ul>`;

// As the real example does, it makes the WebSocket's address from the page's own host. Publishing opens no media, only the
// counts of one stream that comes in and goes out again.
const tryOut = `<p><button id="connect">Connect</button> <button id="publish" disabled>Publish</button>
<output id="state">not connected</output></p>
<script>
const connect = document.getElementById('connect');
const publish = document.getElementById('publish');
const state = document.getElementById('state');
let socket;
let publishing = false;
const show = (text) => {
  state.textContent = text;
  publish.textContent = publishing ? 'Stop' : 'Publish';
};
connect.onclick = () => {
  if (socket) return socket.close();
  const one = new WebSocket('wss://' + location.hostname + ':8443');
  socket = one;
  let opened = false;
  one.onopen = () => {
    opened = true;
    connect.textContent = 'Disconnect';
    publish.disabled = false;
    show('ESTABLISHED');
  };
  one.onmessage = ({ data }) => {
    publishing = JSON.parse(data).publish === true;
    show(publishing ? 'PUBLISHING' : 'ESTABLISHED');
  };
  one.onclose = () => {
    socket = undefined;
    publishing = false;
    connect.textContent = 'Connect';
    publish.disabled = true;
    show(opened ? 'DISCONNECTED' : 'FAILED: open https://' + location.hostname + ':8443 and accept');
  };
};
publish.onclick = () => socket?.send(JSON.stringify({ publish: !publishing }));
// A browser may keep a page that was left, and its socket with it.
onpagehide = () => socket?.close();
</script>`;

const facts = `<p>Address: ${escapeText(env.EXTERNAL_IP ?? 'not given')}. Licence: ${env.LICENSE ? 'given' : 'none'}.
SSH password: ${env.PASSWORD ? 'given' : 'none'}. Media ports: ${mediaPorts}. Heap: ${escapeText(heap)}.</p>`;

const pages = new Map([
  ['/', page('Web interface', facts + links)],
  [`${examples}/two_way_streaming/two_way_streaming.html`, page('Two Way Streaming', tryOut)],
  [`${examples}/player/player.html`, page('Player', tryOut)],
]);

const sendPage = (request, response) => {
  const found = pages.get(new URL(request.url, 'https://stand-in').pathname);
  response.writeHead(found ? 200 : 404, { 'content-type': 'text/html; charset=utf-8' });
  response.end(found ?? page('Not found', links));
};

const sendStatistics = (request, response) => {
  const { searchParams } = new URL(request.url, 'http://stand-in');
  if (searchParams.get('action') === 'pretend') return pretend(searchParams, response);
  if (searchParams.get('action') !== 'stat') return response.writeHead(404).end();
  if (searchParams.get('format') === 'json') {
    response.setHeader('content-type', 'application/json');
    return response.end(JSON.stringify({ connection_stats: connections, stream_stats: streams }));
  }
  const lines = (counts) => Object.entries(counts).map(([key, value]) => `${key}=${value}\n`);
  return response.end(
    [
      '-----Connection Stats-----\n',
      ...lines(connections),
      '-----Stream Stats-----\n',
      ...lines(streams),
    ].join(''),
  );
};

const statistics = createWebServer(sendStatistics);

// For tests and the try-out, which no real one has: `/?action=pretend&streams_rtmp_in=2` sets a count, and
// `/?action=pretend&statistics=off` makes the statistics unreachable for good, and `/?action=pretend&memory=all` takes all the
// memory there is.
const pretend = (searchParams, response) => {
  response.end('pretending\n');
  for (const key of Object.keys(streams)) {
    if (searchParams.has(key)) streams[key] = Number(searchParams.get(key));
  }
  if (searchParams.get('statistics') === 'off') statistics.close();
  if (searchParams.get('memory') === 'all') response.on('close', takeAllMemory);
};

const takeAllMemory = () => {
  const taken = [];
  for (;;) taken.push(Buffer.alloc(1e7, 1));
};

const accept = (request, socket) => {
  const key = request.headers['sec-websocket-key'];
  if (request.headers.upgrade?.toLowerCase() !== 'websocket' || !key)
    return socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
  const answer = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${answer}\r\n\r\n`,
  );
  connections.connections += 1;
  connections.connections_websocket += 1;
  const publisher = createPublisher();
  socket.on('close', () => {
    connections.connections -= 1;
    connections.connections_websocket -= 1;
    publisher.publish(false);
  });
  let pending = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    pending = Buffer.concat([pending, chunk]);
    for (let frame = readFrame(pending); frame; frame = readFrame(pending)) {
      pending = pending.subarray(frame.length);
      if (frame.opcode === 8) return socket.end(Buffer.from([0x88, 0]));
      if (frame.opcode === 1) publisher.read(frame.payload.toString('utf8'));
      socket.write(writeFrame(frame.opcode === 9 ? 10 : frame.opcode, frame.payload));
    }
  });
};

// One per WebSocket: `{"publish":true}` opens its stream, `{"publish":false}` and the socket's end close it.
const createPublisher = () => {
  let isPublishing = false;
  const publish = (wanted) => {
    const change = Number(wanted) - Number(isPublishing);
    isPublishing = wanted;
    streams.streams_webrtc_in += change;
    streams.streams_webrtc_out += change;
  };
  const read = (text) => {
    const match = /^\s*\{\s*"publish"\s*:\s*(true|false)\s*\}\s*$/.exec(text);
    if (match) publish(match[1] === 'true');
  };
  return { publish, read };
};

// One masked frame of a client (RFC 6455, 5.2), up to 64 KiB; undefined until all of it is there.
const readFrame = (bytes) => {
  if (bytes.length < 2) return undefined;
  const opcode = bytes[0] & 0x0f;
  const short = bytes[1] & 0x7f;
  const start = short === 126 ? 4 : 2;
  if (bytes.length < start + 4) return undefined;
  const size = short === 126 ? bytes.readUInt16BE(2) : short;
  if (bytes.length < start + 4 + size) return undefined;
  const mask = bytes.subarray(start, start + 4);
  const payload = Buffer.from(
    bytes.subarray(start + 4, start + 4 + size).map((byte, index) => byte ^ mask[index % 4]),
  );
  return { opcode, payload, length: start + 4 + size };
};

const writeFrame = (opcode, payload) => {
  const head =
    payload.length < 126
      ? Buffer.from([0x80 | opcode, payload.length])
      : Buffer.from([0x80 | opcode, 126, payload.length >> 8, payload.length & 0xff]);
  return Buffer.concat([head, payload]);
};

const listen = (server, port) =>
  new Promise((resolve, reject) => {
    server.on('error', reject).listen(port, bound, () => {
      say(`listening on ${port}`);
      resolve();
    });
  });

const forget = (socket) => socket.on('error', () => socket.destroy()); // a peer that went away is no fault of ours

const boot = async () => {
  say('Web Call Server stand-in: same ports and pages, no real media');
  say(`ip=${env.EXTERNAL_IP ?? ''} ip_local=${env.LOCAL_IP ?? ''} licence=${env.LICENSE ? 'given' : 'none'}`);
  say(`media ports ${mediaPorts}, heap ${heap}`);
  setAddresses();
  await new Promise((resolve) => setTimeout(resolve, bootTime));
  if (fault === 'exit') {
    // As careless as a real server's log may be.
    say(`starting with ${env.PASSWORD ?? ''} and the keystore's ${keystorePassword} failed`);
    console.error('FATAL could not start the media engine: STAND_IN_FAIL=exit');
    process.exit(7);
  }
  if (fault === 'hang') {
    console.error('WARN waiting for the media engine: STAND_IN_FAIL=hang');
    setInterval(() => undefined, 60_000);
    return;
  }
  const tls = { key: readFileSync('/stand-in/key.pem'), cert: readFileSync('/stand-in/cert.pem') };
  const secure = createSecureServer(tls, (_, response) =>
    response.end(page('WebSocket', '<p>The certificate is accepted.</p>')),
  );
  secure.on('upgrade', (request, socket) => accept(request, forget(socket)));
  await listen(statistics, 8081);
  await listen(createTcpServer(forget), 1935);
  await listen(secure, 8443);
  await listen(createSecureServer(tls, sendPage), 8444);
  writeFileSync(`${home}/logs/startup.log`, 'started\n');
  say('ready');
};

await boot();
