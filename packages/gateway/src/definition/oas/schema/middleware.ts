import { header } from './server.ts';
import { anyObject, array, block, boolean, choice, filled, integer, natural, object, type Schema, somePeriod, string, strings } from './types.ts';
import { rateLimit, shortTime } from './upstream.ts';

const plugin: Schema = object({ enabled: boolean, functionName: string, path: string, rawBodyOnly: boolean, requireSession: boolean }, [
  'enabled',
  'functionName',
]);
const plugins: Schema = { ...array(plugin), minItems: 1 };
const olderPlugins: Schema = object({ plugins });

const transformHeaders: Schema = block({ remove: strings, add: array(header) });

const cors: Schema = block({
  maxAge: integer,
  allowCredentials: boolean,
  exposedHeaders: strings,
  allowedHeaders: strings,
  optionsPassthrough: boolean,
  debug: boolean,
  allowedOrigins: strings,
  allowedMethods: strings,
});

const cache: Schema = object({
  enabled: boolean,
  timeout: integer,
  cacheAllSafeRequests: boolean,
  cacheResponseCodes: array(integer),
  cacheByHeaders: strings,
  enableUpstreamCacheControl: boolean,
  controlTTLHeaderName: string,
});

const pluginConfig: Schema = object({
  driver: choice('otto', 'javascript', 'python', 'lua', 'grpc', 'goplugin'),
  bundle: block({ path: filled }, ['path']),
  data: block({ value: anyObject }, ['value']),
});

const global: Schema = object({
  pluginConfig,
  cors,
  prePlugin: olderPlugins,
  prePlugins: plugins,
  postAuthenticationPlugin: olderPlugins,
  postAuthenticationPlugins: plugins,
  postPlugin: olderPlugins,
  postPlugins: plugins,
  responsePlugin: olderPlugins,
  responsePlugins: plugins,
  cache,
  transformRequestHeaders: transformHeaders,
  transformResponseHeaders: transformHeaders,
  contextVariables: block(),
  ignoreCase: block(),
  trafficLogs: block({ tagHeaders: strings, customRetentionPeriod: somePeriod, plugins: array(block({ functionName: string, path: string })) }),
  requestSizeLimit: block({ value: integer }, ['value']),
  skipRateLimit: boolean,
  skipQuota: boolean,
  skipQuotaReset: boolean,
});

const allowance: Schema = block({ ignoreCase: boolean });

const transformBody: Schema = {
  ...block({ format: choice('json', 'xml'), path: string, body: string }, ['format']),
  anyOf: [object({}, ['body']), object({}, ['path'])],
};

const rewriteRule: Schema = {
  ...object({ in: choice('query', 'path', 'header', 'sessionMetadata', 'requestBody', 'requestContext'), name: string, pattern: string, negate: boolean }, [
    'in',
    'pattern',
  ]),
  also: (rule) => (rule['in'] === 'requestBody' ? undefined : object({}, ['name'])),
};

const rewriteTrigger: Schema = object({ condition: choice('any', 'all'), rewriteTo: string, rules: array(rewriteRule) }, ['condition', 'rewriteTo']);

const circuitBreaker: Schema = block(
  {
    threshold: { type: 'number', minimum: 0, maximum: 1 },
    sampleSize: natural,
    coolDownPeriod: natural,
    halfOpenStateEnabled: boolean,
  },
  ['threshold', 'sampleSize', 'coolDownPeriod', 'halfOpenStateEnabled'],
);

const virtualEndpoint: Schema = block({ name: string, functionName: string, path: string, body: string, proxyOnError: boolean, requireSession: boolean }, [
  'functionName',
]);

const mockResponse: Schema = block({
  code: integer,
  body: string,
  headers: array(header),
  fromOASExamples: block({ code: integer, contentType: string, exampleName: string }),
});

const operation: Schema = object({
  allow: allowance,
  block: allowance,
  ignoreAuthentication: allowance,
  internal: block(),
  transformRequestMethod: block({ toMethod: string }, ['toMethod']),
  transformRequestBody: transformBody,
  transformResponseBody: transformBody,
  transformRequestHeaders: transformHeaders,
  transformResponseHeaders: transformHeaders,
  virtualEndpoint,
  trackEndpoint: block(),
  doNotTrackEndpoint: block(),
  circuitBreaker,
  urlRewrite: block({ pattern: string, rewriteTo: string, triggers: array(rewriteTrigger) }, ['pattern', 'rewriteTo']),
  postPlugins: array(block({ name: string, functionName: string, path: string }, ['functionName', 'path'])),
  cache: block({ cacheByRegex: string, cacheResponseCodes: array(integer), timeout: natural }),
  enforceTimeout: block({ value: natural, duration: shortTime }),
  validateRequest: block({ errorResponseCode: integer }),
  mockResponse,
  requestSizeLimit: block({ value: natural }, ['value']),
  rateLimit,
  scopeCheck: block(),
  exchange: object({ enabled: boolean, audience: string, scopes: strings, provider: string }),
});

const operations: Schema = { type: 'object', named: [[/\S+/, operation]] };

export const middleware: Schema = object({ global, operations, mcpTools: operations, mcpResources: operations, mcpPrompts: operations });
