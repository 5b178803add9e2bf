// Runs inside the stand-in image, with nothing but Node: what a Web Call Server shows to the outside, without any media.
// Same variables, same ports, same files; every page says that it is a stand-in.

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer as createWebServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { createServer as createTcpServer } from 'node:net';

const home = '/usr/local/FlashphonerWebCallServer';
const env = process.env;
const bootTime = Number(env.STAND_IN_BOOT_MS ?? 800);
const fault = env.STAND_IN_FAIL ?? '';
const examples = '/client2/examples/demo/streaming';

const say = (text) => console.log(`${new Date().toISOString()} INFO stand-in - ${text}`);
const counts = { connections: 0, connections_websocket: 0, streams_webrtc_in: 0, streams_webrtc_out: 0 };

// As the first process of a container there is no default action for signals. 143: what the real one ends with.
process.on('SIGTERM', () => {
  say('SIGTERM: ending');
  process.exit(143);
});

const writeConfiguration = () => {
  mkdirSync(`${home}/conf`, { recursive: true });
  mkdirSync(`${home}/logs/server_logs`, { recursive: true });
  const lines = [
    `ip =${env.EXTERNAL_IP ?? ''}`,
    `ip_local =${env.LOCAL_IP ?? ''}`,
    'media_port_from =31001',
    'media_port_to =32000',
    'http.port =8081',
    'https.port =8444',
    'ws.port =8080',
    'wss.port =8443',
  ];
  writeFileSync(`${home}/conf/flashphoner.properties`, `${lines.join('\n')}\n`);
};

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

// As the real example does, it makes the WebSocket's address from the page's own host.
const tryOut = `<p><button id="connect">Connect</button> <output id="state">not connected</output></p>
<script>
document.getElementById('connect').onclick = () => {
  const state = document.getElementById('state');
  const socket = new WebSocket('wss://' + location.hostname + ':8443');
  socket.onopen = () => { state.textContent = 'ESTABLISHED'; };
  socket.onerror = () => { state.textContent = 'FAILED: open https://' + location.hostname + ':8443 and accept'; };
};
</script>`;

const facts = `<p>Address: ${escapeText(env.EXTERNAL_IP ?? 'not given')}. Licence: ${env.LICENSE ? 'given' : 'none'}.
SSH password: ${env.PASSWORD ? 'given' : 'none'}.</p>`;

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
  if (searchParams.get('action') !== 'stat') return response.writeHead(404).end();
  if (searchParams.get('format') === 'json') {
    response.setHeader('content-type', 'application/json');
    return response.end(JSON.stringify({ connection_stats: counts }));
  }
  const lines = Object.entries(counts).map(([key, value]) => `${key}=${value}`);
  return response.end(`-----Connection Stats-----\n${lines.join('\n')}\n`);
};

const accept = (request, socket) => {
  const key = request.headers['sec-websocket-key'];
  if (request.headers.upgrade?.toLowerCase() !== 'websocket' || !key)
    return socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
  const answer = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${answer}\r\n\r\n`,
  );
  counts.connections += 1;
  counts.connections_websocket += 1;
  socket.on('close', () => {
    counts.connections -= 1;
    counts.connections_websocket -= 1;
  });
  let pending = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    pending = Buffer.concat([pending, chunk]);
    for (let frame = readFrame(pending); frame; frame = readFrame(pending)) {
      pending = pending.subarray(frame.length);
      if (frame.opcode === 8) return socket.end(Buffer.from([0x88, 0]));
      socket.write(writeFrame(frame.opcode === 9 ? 10 : frame.opcode, frame.payload));
    }
  });
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
    server.on('error', reject).listen(port, '0.0.0.0', () => {
      say(`listening on ${port}`);
      resolve();
    });
  });

const forget = (socket) => socket.on('error', () => socket.destroy()); // a peer that went away is no fault of ours

const boot = async () => {
  say('Web Call Server stand-in: same ports and pages, no real media');
  say(`ip=${env.EXTERNAL_IP ?? ''} ip_local=${env.LOCAL_IP ?? ''} licence=${env.LICENSE ? 'given' : 'none'}`);
  writeConfiguration();
  await new Promise((resolve) => setTimeout(resolve, bootTime));
  if (fault === 'exit') {
    say(`starting with ${env.PASSWORD ?? ''} failed`); // as careless as a real server's log may be
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
  await listen(createWebServer(sendStatistics), 8081);
  await listen(createTcpServer(forget), 1935);
  await listen(secure, 8443);
  await listen(createSecureServer(tls, sendPage), 8444);
  writeFileSync(`${home}/logs/startup.log`, 'started\n');
  say('ready');
};

await boot();
