// What a test does to a stand-in from inside its container, through `docker exec`, so that the network need not be reached.

import { mustRun } from './run.ts';

export type InsideStandIn = {
  /** Sends so many bytes to this address, within `lasting` milliseconds; nobody there need take them. */
  readonly send: (container: string, to: string, bytes: number, lasting?: number) => Promise<void>;
  /** `streams_webrtc_in=1` and the like, in its statistics; `statistics=off` makes them unreachable for good; `memory=all` uses it up. */
  readonly pretend: (container: string, what: string) => Promise<void>;
  /** Opens a WebSocket to itself, says these texts, and leaves it open. */
  readonly openTab: (container: string, ...texts: readonly string[]) => Promise<void>;
  /** All of them, as when a browser is killed: without a goodbye. */
  readonly killTabs: (container: string) => Promise<void>;
};

const packet = 1000;

const sending = (to: string, bytes: number, lasting: number): string => `
const socket = require('node:dgram').createSocket('udp4');
const data = Buffer.alloc(${packet});
const [most, begun] = [${Math.ceil(bytes / packet)}, Date.now()];
let sent = 0;
const more = () => {
  const due = ${lasting} === 0 ? most : Math.min(most, Math.ceil((most * (Date.now() - begun + 20)) / ${lasting}));
  if (sent === most) return socket.close();
  if (sent >= due) return setTimeout(more, 10);
  sent += 1;
  socket.send(data, 9, '${to}', more);
};
more();`;

const tab = (texts: readonly string[]): string => `
process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
const socket = new WebSocket('wss://127.0.0.1:8443');
socket.onopen = () => { for (const text of ${JSON.stringify(texts)}) socket.send(text); };`;

/** Whoever has this word in its command line, but for the one that looks for it. */
const killing = `
const fs = require('node:fs');
for (const pid of fs.readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name) && Number(name) !== process.pid)) {
  try {
    const isTab = fs.readFileSync('/proc/' + pid + '/cmdline', 'utf8').includes('new WebSocket');
    if (isTab) process.kill(Number(pid), 'SIGKILL');
  } catch (error) {
    // One of the worker's looks, which was over in between.
    if (error.code !== 'ENOENT' && error.code !== 'ESRCH') throw error;
  }
}`;

export const insideStandIn = (dockerHost: string): InsideStandIn => {
  const exec = async (...words: readonly string[]): Promise<void> => {
    await mustRun(['docker', '--host', dockerHost, 'exec', ...words]);
  };
  return {
    send: (container, to, bytes, lasting = 0) => exec(container, 'node', '-e', sending(to, bytes, lasting)),
    pretend: (container, what) =>
      exec(container, 'wget', '-q', '-O', '-', `http://127.0.0.1:8081/?action=pretend&${what}`),
    openTab: (container, ...texts) => exec('-d', container, 'node', '-e', tab(texts)),
    killTabs: (container) => exec(container, 'node', '-e', killing),
  };
};
