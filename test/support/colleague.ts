// What somebody sees at another computer of the LAN: pages, and the WebSocket, with certificates accepted unseen.

import type { Lan } from './lan.ts';

/** Run in the namespace by Node, so that no further program is needed there. Prints JSON. */
const fetchScript = `
import { request as plain } from 'node:http';
import { request as secure } from 'node:https';
const url = process.argv[1];
const ask = url.startsWith('https:') ? secure : plain;
const say = (answer) => process.stdout.write(JSON.stringify(answer));
ask(url, { rejectUnauthorized: false, timeout: 3000 }, (response) => {
  let body = '';
  response.setEncoding('utf8').on('data', (text) => { body += text; });
  response.on('end', () => say({ status: response.statusCode, body }));
}).on('timeout', function () { this.destroy(new Error('no answer')); })
  .on('error', (error) => say({ status: 0, body: error.message })).end();
`;

const echoScript = `
import { WebSocket } from ${JSON.stringify(import.meta.resolve('ws'))};
const socket = new WebSocket(process.argv[1], { rejectUnauthorized: false, handshakeTimeout: 3000 });
socket.on('open', () => socket.send(process.argv[2]));
socket.on('message', (data) => { process.stdout.write(String(data)); socket.close(); });
socket.on('error', (error) => { process.stderr.write(error.message); });
`;

const runScript = async (
  lan: Lan,
  name: string,
  script: string,
  values: readonly string[],
): Promise<string> => {
  const command = [process.execPath, '--input-type=module', '-e', script, ...values];
  const { stdout, stderr } = await lan.run(name, command);
  return stdout || stderr;
};

export type Seen = { readonly status: number; readonly body: string };

/** Status 0 with the reason as the body where nothing answers within 3 s. */
export const fetchFrom = async (lan: Lan, name: string, url: string): Promise<Seen> => {
  const seen: unknown = JSON.parse(await runScript(lan, name, fetchScript, [url]));
  if (typeof seen === 'object' && seen !== null && 'status' in seen && 'body' in seen) {
    return { status: Number(seen.status), body: String(seen.body) };
  }
  throw new Error(`${name} saw something unreadable at ${url}`);
};

/** Opens `wss://…`, says `word`, and gives back what came in return (or the error's text). */
export const echoFrom = (lan: Lan, name: string, url: string, word: string): Promise<string> =>
  runScript(lan, name, echoScript, [url, word]);
