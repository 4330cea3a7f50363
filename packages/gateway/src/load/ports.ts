import type { GatewayConfig } from '../config/types.ts';
import type { ClassicApi } from '../definition/index.ts';
import { routeOrder } from '../routing/routes.ts';
import type { Problem } from '../schema/problem.ts';
import type { ListenProtocol, PortMessage } from '../threads/messages.ts';

export interface PlannedPorts {
  readonly ports: PortMessage[];
  /** By index of the API: why it is not on its port. */
  readonly problems: ReadonlyMap<number, Problem[]>;
}

interface PlannedPort {
  readonly protocol: string;
  readonly apis: number[];
}

/**
 * Which APIs answer on which port (spec/gateway/request-chain.md §1): the gateway's port, the control port, and those that definitions ask
 * for, where the whitelist permits them and no other protocol has the port.
 */
export function planPorts(apis: readonly ClassicApi[], config: GatewayConfig): PlannedPorts {
  const mainProtocol: ListenProtocol = config.http_server_options.use_ssl ? 'https' : 'http';
  const ports = new Map<number, PlannedPort>([[config.listen_port, { protocol: mainProtocol, apis: [] }]]);
  const problems = new Map<number, Problem[]>();
  // In routing order: of two protocols that want one port, the API that is routed first has it.
  const claims = apis.map((api, index) => ({ api, index, listenPath: api.proxy.listen_path, domain: api.domain_disabled ? '' : api.domain }));
  for (const { api, index } of claims.sort(routeOrder(config.enable_custom_domains))) {
    const problem = place(api, index, mainProtocol, ports, config);
    if (problem) problems.set(index, [problem]);
  }
  const controlPort = config.control_api_port || config.listen_port;
  if (!ports.has(controlPort)) ports.set(controlPort, { protocol: mainProtocol, apis: [] });
  const own = new Set([config.listen_port, controlPort]);
  return { ports: [...ports].map(([port, p]) => portMessage(port, p, port === controlPort, own.has(port), config.listen_address)), problems };
}

function place(api: ClassicApi, index: number, mainProtocol: string, ports: Map<number, PlannedPort>, config: GatewayConfig): Problem | undefined {
  const port = api.listen_port || config.listen_port;
  const protocol = api.protocol || mainProtocol;
  if (protocol === 'tcp' || protocol === 'tls') return portProblem(`protocol ${protocol} is not supported yet`, 'it comes with the TCP services');
  const taken = ports.get(port);
  if (!taken && !isPermitted(port, protocol, config))
    return portProblem(`port ${port} is not on ports_whitelist.${protocol}`, 'add it there, or set disable_ports_whitelist');
  if (taken && taken.protocol !== protocol)
    return portProblem(`port ${port} speaks ${taken.protocol}, the API asks for ${protocol}`, 'choose another listen_port');
  if (taken) taken.apis.push(index);
  else ports.set(port, { protocol, apis: [index] });
  return undefined;
}

const portProblem = (message: string, hint: string): Problem => ({ code: 'listen.refused', path: '/listen_port', message, hint });

function isPermitted(port: number, protocol: string, config: GatewayConfig): boolean {
  if (config.disable_ports_whitelist) return true;
  const list = config.ports_whitelist[protocol as keyof GatewayConfig['ports_whitelist']];
  return list !== undefined && (list.ports.includes(port) || list.ranges.some((r) => port >= r.from && port <= r.to));
}

function portMessage(port: number, { protocol, apis }: PlannedPort, control: boolean, own: boolean, host: string): PortMessage {
  return { host, port, protocol: protocol === 'https' ? 'https' : 'http', control, own, apis };
}
