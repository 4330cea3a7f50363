// Free ports of this machine.
import net from 'node:net';
import { SLOT } from './options.mjs';

export async function listen(server) {
  await new Promise((done, fail) => {
    server.once('error', fail);
    server.listen(0, '127.0.0.1', done);
  });
  return server.address().port;
}

export async function freePort() {
  for (;;) {
    // below the ports that the system gives to outgoing connections, so that nothing takes it meanwhile
    const port = 15_000 + 2000 * SLOT + Math.floor(Math.random() * 2000);
    const s = net.createServer();
    if (
      !(await new Promise((done) => {
        s.once('error', () => done(false));
        s.listen(port, '127.0.0.1', () => done(true));
      }))
    )
      continue;
    await new Promise((done) => s.close(done));
    return port;
  }
}
