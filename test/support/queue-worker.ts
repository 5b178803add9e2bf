// A worker process to be killed: says `started RIG` for each job it takes, and never finishes one.
// node queue-worker.ts REDIS_URL INSTALLATION HOST LOCK

import { connectWorkerQueue } from '../../src/queue/worker-queue.ts';
import { addressOf, silent } from './registry-address.ts';

const [url = '', installation = '', host = '', lock = ''] = process.argv.slice(2);

await connectWorkerQueue({
  address: addressOf(url),
  installation,
  host,
  log: silent,
  concurrency: 1,
  lock: Number(lock),
  onJob: async ({ rig }) => {
    process.stdout.write(`started ${rig}\n`);
    await new Promise(() => undefined);
  },
});
process.stdout.write('connected\n');
