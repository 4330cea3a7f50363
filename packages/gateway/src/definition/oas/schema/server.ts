import { authentication } from './authentication.ts';
import { array, block, boolean, choice, filled, object, period, type Schema, string, strings } from './types.ts';

const EVENTS = [
  ['QuotaExceeded', 'RatelimitExceeded', 'RateLimitSmoothingUp', 'RateLimitSmoothingDown', 'AuthFailure', 'UpstreamOAuthError'],
  ['KeyExpired', 'VersionFailure', 'OrgQuotaExceeded', 'OrgRateLimitExceeded', 'TriggerExceeded'],
  ['BreakerTriggered', 'BreakerTripped', 'BreakerReset', 'HostDown', 'HostUp'],
  ['TokenCreated', 'TokenUpdated', 'TokenDeleted', 'CertificateExpiringSoon', 'CertificateExpired'],
].flat();

export const header: Schema = object({ name: string, value: string }, ['name', 'value']);

const webhookById: Schema = object({ id: string, cooldownPeriod: period }, ['id', 'cooldownPeriod']);

const webhook: Schema = object(
  {
    name: string,
    url: string,
    method: choice('GET', 'PUT', 'POST', 'DELETE', 'PATCH'),
    cooldownPeriod: period,
    bodyTemplate: string,
    headers: array(header),
  },
  ['url', 'method', 'cooldownPeriod', 'bodyTemplate'],
);

const HANDLERS: Readonly<Record<string, Schema>> = {
  webhook: { anyOf: [webhook, webhookById] },
  custom: object({ id: string, name: string, functionName: string, path: string }, ['name', 'functionName', 'path']),
  log: object({ id: string, name: string, logPrefix: string }, ['name', 'logPrefix']),
};

const eventHandler: Schema = {
  ...block({ trigger: choice(...EVENTS), type: choice('webhook', 'custom', 'log') }, ['trigger', 'type']),
  also: ({ type }) => (typeof type === 'string' ? HANDLERS[type] : undefined),
};

export const server: Schema = object(
  {
    listenPath: object({ value: filled, strip: boolean }, ['value']),
    slug: string,
    authentication,
    clientCertificates: object({ enabled: boolean, allowlist: strings }),
    gatewayTags: block({ tags: { ...strings, unique: true } }, ['tags']),
    customDomain: block({ name: string, certificates: strings }, ['name']),
    detailedActivityLogs: block(),
    detailedTracing: block(),
    eventHandlers: array(eventHandler),
    contextVariables: block(),
    ipAccessControl: object({ enabled: boolean, allow: strings, block: strings }),
    batchProcessing: block(),
    port: { type: 'integer', minimum: 1, maximum: 65_535 },
    protocol: choice('http', 'https', 'h2c'),
  },
  ['listenPath'],
);
