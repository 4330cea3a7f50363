import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerAdministration, type EmbeddedGateway, type GatewayConfig } from '@gatehouse/gateway';
import type { Io } from './io.ts';
import { VERSION } from './version.ts';

/** The administration port (`/metrics`, `/livez`, `/readyz`, `/version`); undefined, and one line, where it cannot listen. */
export async function openAdminPort(
  config: GatewayConfig,
  gateway: EmbeddedGateway,
  io: Io,
): Promise<{ readonly port: number; close(): Promise<void> } | undefined> {
  if (config.admin_listen_port === 0) return { port: 0, close: () => Promise.resolve() };
  const server = createServer((request, response) => {
    void answerAdministration(request.url ?? '/', gateway, VERSION).then((answer) => {
      response.writeHead(answer.status, { 'Content-Type': answer.contentType, 'Cache-Control': 'no-store' });
      response.end(answer.body);
    });
  });
  try {
    await listening(server, config.admin_listen_port, config.admin_listen_address);
  } catch (error) {
    const address = `${config.admin_listen_address}:${config.admin_listen_port}`;
    io.stderr(`gatehouse: cannot listen on ${address}: ${error instanceof Error ? error.message : String(error)}; free the port, or set admin_listen_port\n`);
    return undefined;
  }
  return { port: (server.address() as AddressInfo).port, close: () => closed(server) };
}

function listening(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
