import { array, block, boolean, choice, filled, integer, number, object, period, record, type Schema, string, strings } from './types.ts';

const domain: Schema = { type: 'string', pattern: /^([*a-zA-Z0-9-]+(\.[*a-zA-Z0-9-]+)*)(:\d+)?$/ };

/** Minutes, seconds and milliseconds with fractions. */
export const shortTime: Schema = { type: 'string', pattern: /^(\d+(?:\.\d+)?m)?(\d+(?:\.\d+)?s)?(\d+(?:\.\d+)?ms)?$/ };

const readableDuration: Schema = { type: 'string', pattern: /^(\d+h)?(\d+m)?(\d+s)?(\d+ms)?(\d+µs)?(\d+ns)?$/ };

export const rateLimit: Schema = block({ rate: number, per: period }, ['rate', 'per']);

const serviceDiscovery: Schema = block({
  queryEndpoint: string,
  dataPath: string,
  useNestedQuery: boolean,
  parentDataPath: string,
  portDataPath: string,
  useTargetList: boolean,
  cache: block({ timeout: integer }),
  cacheTimeout: integer,
  targetPath: string,
  endpointReturnsList: boolean,
});

const uptimeTest: Schema = object({
  url: string,
  body: string,
  method: string,
  headers: record(string),
  commands: array(object({ name: string, message: string })),
  enableProxyProtocol: boolean,
  timeout: readableDuration,
});

const tlsVersion = choice('1.0', '1.1', '1.2', '1.3');

const header: Schema = object({ enabled: boolean, name: string });
const listOrNull: Schema = { type: ['array', 'null'] };
const client = { clientId: filled, clientSecret: filled, tokenUrl: filled, scopes: listOrNull, header, extraMetadata: listOrNull };

const oauth: Schema = block(
  {
    allowedAuthorizeTypes: { type: ['array', 'null'], items: choice('clientCredentials', 'password') },
    clientCredentials: object(client, ['clientId', 'clientSecret', 'tokenUrl']),
    password: object({ ...client, username: filled, password: filled }, ['clientId', 'tokenUrl', 'username', 'password']),
  },
  ['allowedAuthorizeTypes'],
);

const authentication: Schema = block({
  basicAuth: block({ header, username: filled, password: filled }, ['username', 'password']),
  oauth,
  requestSigning: block({ signatureHeader: string, algorithm: string, keyId: string, headers: strings, secret: string, certificateId: string }),
});

const target: Schema = object({ url: string, weight: number }, ['url', 'weight']);

const loadBalancing: Schema = {
  ...block({ skipUnavailableHosts: boolean, targets: array(target) }),
  also: ({ enabled }) => (enabled === true ? object({ targets: { minItems: 1 } }, ['targets']) : undefined),
};

export const upstream: Schema = object({
  url: string,
  serviceDiscovery,
  uptimeTests: block({ serviceDiscovery, tests: array(uptimeTest), hostDownRetestPeriod: readableDuration, logRetentionPeriod: readableDuration }),
  mutualTLS: block({ domainToCertificateMapping: array(object({ domain, certificate: string }, ['domain', 'certificate'])) }, ['domainToCertificateMapping']),
  certificatePinning: block({ domainToPublicKeysMapping: array(object({ domain, publicKeys: strings })) }, ['domainToPublicKeysMapping']),
  rateLimit,
  authentication,
  loadBalancing,
  preserveHostHeader: block(),
  preserveTrailingSlash: block(),
  tlsTransport: object({ insecureSkipVerify: boolean, ciphers: strings, minVersion: tlsVersion, maxVersion: tlsVersion, forceCommonNameCheck: boolean }),
  proxy: block({ url: string }),
  enforceTimeout: block({ duration: shortTime }),
});
