import { parentPort, workerData } from 'node:worker_threads';
import { startDataThread } from './start.ts';
import type { FromThread, ThreadBoot, ToThread } from './messages.ts';

/** Entry point of a data thread. */
const port = parentPort;
if (!port) throw new Error('this file is the entry of a worker thread');
const thread = startDataThread(workerData as ThreadBoot, (message, transfer) => port.postMessage(message, transfer ?? []));
port.on('message', (message: ToThread) => thread.receive(message));
port.postMessage({ kind: 'up' } satisfies FromThread);
