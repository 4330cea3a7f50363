import { accessRights } from './access-rights/compile.ts';
import { apiRateLimit } from './api-rate-limit/compile.ts';
import { authToken, stripAuth } from './auth-token/compile.ts';
import { configOf } from './auth-token/formats.ts';
import { type ChainRow, elsewhere, later, laterForEndpoints, on } from './chain-row.ts';
import { contextVars } from './context-vars/compile.ts';
import { cors } from './cors/compile.ts';
import { enforceTimeout } from './enforce-timeout/compile.ts';
import { granularAccess } from './granular-access/compile.ts';
import { ipAllow, ipBlock } from './ip-access/compile.ts';
import { keyExpired } from './key-expired/compile.ts';
import { anyOf, enabled, endpointList, keyed, notDisabled, oasKey, otherProcessors, plugins, where } from './later.ts';
import { methodTransform } from './method-transform/compile.ts';
import { mockResponse } from './mock-response/compile.ts';
import { quota } from './quota/compile.ts';
import { rateLimit } from './rate-limit/compile.ts';
import { requestHeaders } from './request-headers/compile.ts';
import { requestSize } from './request-size/compile.ts';
import { responseHeaders } from './response-headers/compile.ts';
import { trackEndpoint } from './track-endpoint/compile.ts';
import { urlRewrite } from './url-rewrite/compile.ts';
import { expiryField, versionAccess } from './version-access/compile.ts';

export type { ChainRow } from './chain-row.ts';

const isMcp = where('/application_protocol', (d) => d.application_protocol === 'mcp' || d.json_rpc_version !== '');
const authSource = (key: 'use_certificate' | 'validate_signature'): ReturnType<typeof where> =>
  keyed(where(`/auth_configs/authToken/${key}`, (d) => (d.use_standard_auth || d.auth_configs?.['authToken'] !== undefined) && configOf(d)[key]));
const bundle = where('/custom_middleware_bundle', (d) => d.custom_middleware_bundle !== '' && !d.custom_middleware_bundle_disabled);

/**
 * The chain: what happens to a request, in this order. The order is that of spec/gateway/request-chain.md §3, whose numbers the rows carry; a
 * test pins it, docs/reference/chain.md is made from it. Adding a middleware is inserting a row where it runs.
 *
 * Letters: HTTP, WebSocket, GraphQL, gRPC (R), Loop.
 */
export const chainRows: readonly ChainRow[] = [
  // Admit: what needs no identity, cheap refusals first.
  elsewhere(0, 'mcp.request.size', 'RequestSizeLimitMiddleware', 'H', 'MCP reads the body next, so its size is checked before; comes with MCP.'),
  later(1, 'mcp.router', 'JSONRPCMiddleware', 'H', 10, 'disable', isMcp, 'MCP calls are told apart before versions and lists see a path.'),
  on(2, versionAccess, 'VersionCheck', 'HWGRL', 'Everything below belongs to one version. The lists come first, so that mocks and blocks cost nothing.'),
  on(3, cors, 'CORS', 'HWGR', 'Browsers send no credentials with a preflight; later refusals carry the fields too.'),
  later(4, 'plugins.pre', 'CustomMiddleware pre', 'HWGRL', 5, 'disable', anyOf(plugins('pre'), bundle), 'User code may change what authentication sees.'),
  elsewhere(5, 'request.count', 'RateCheckMW', 'HWGR', 'Counts requests only; the metrics do that.'),
  on(6, ipAllow, 'IPWhiteListMiddleware', 'HWGRL', 'Before anything that asks a store.'),
  on(7, ipBlock, 'IPBlackListMiddleware', 'HWGRL', 'After the allow list: an address on both is refused.'),
  later(
    8,
    'client.certificates',
    'CertificateCheckMW',
    'HWGR',
    3,
    'disable',
    where('/use_mutual_tls_auth', (d) => d.use_mutual_tls_auth),
    'The connection is checked before the request on it.',
  ),
  elsewhere(
    9,
    'organisation.limits',
    'OrganizationMonitor',
    'HWGR',
    'Limits of the whole organisation come before those of its keys; a switch of the gateway, comes with part 2.',
  ),
  on(10, requestSize, 'RequestSizeLimitMiddleware', 'HWGRL', 'Known from the head, so no key is looked up for a body that is too large.'),
  on(11, contextVars, 'MiddlewareContextVars', 'HWGRL', 'Collects the request as the client sent it: nothing below has changed it yet.'),
  on(12, trackEndpoint, 'TrackEndpointMiddleware', 'HWGRL', 'Refusals by the steps below are recorded under the endpoint as well.'),
  elsewhere(13, 'resource.metadata', 'PRMMiddleware', 'H', 'Tells clients where to get a token, so it stands before authentication; comes with part 2.'),

  // Identify: each method that is on has to agree; the last one sets the identity.
  later(14, 'auth.oauth', 'Oauth2KeyExists', 'HWGR', 2, 'disable', keyed(where('/use_oauth2', (d) => d.use_oauth2)), 'Tokens of our own OAuth server.'),
  later(
    14,
    'auth.oauth.external',
    'ExternalOAuthMiddleware',
    'HWGR',
    2,
    'disable',
    keyed(where('/external_oauth/enabled', (d) => d.external_oauth.enabled)),
    'Tokens of other OAuth servers.',
  ),
  later(14, 'auth.basic', 'BasicAuthKeyIsValid', 'HWGR', 2, 'disable', keyed(where('/use_basic_auth', (d) => d.use_basic_auth)), 'User and password.'),
  later(
    14,
    'auth.hmac',
    'HTTPSignatureValidationMiddleware',
    'HWGR',
    2,
    'disable',
    keyed(where('/enable_signature_checking', (d) => d.enable_signature_checking)),
    'Signed requests.',
  ),
  later(14, 'auth.jwt', 'JWTMiddleware', 'HWGR', 2, 'disable', keyed(where('/enable_jwt', (d) => d.enable_jwt)), 'JSON Web Tokens.'),
  later(14, 'auth.openid', 'OpenIDMW', 'HWGR', 2, 'disable', keyed(where('/use_openid', (d) => d.use_openid)), 'OpenID Connect.'),
  later(
    14,
    'auth.plugin',
    'CustomMiddleware auth_check',
    'HWGR',
    5,
    'disable',
    keyed(where('/custom_plugin_auth_enabled', (d) => d.custom_plugin_auth_enabled || d.use_go_plugin_auth || d.enable_coprocess_auth)),
    'Authentication by user code.',
  ),
  later(14, 'auth.token.certificate', 'AuthKey', 'HWGR', 3, 'disable', authSource('use_certificate'), 'The client certificate is the credential.'),
  later(14, 'auth.token.signature', 'AuthKey', 'HWGR', 2, 'disable', authSource('validate_signature'), 'A signature beside the key is checked with it.'),
  on(14, authToken, 'AuthKey', 'HWGRL', 'Last of the methods: it takes over where no other is on.'),
  later(
    15,
    'plugins.post.auth',
    'CustomMiddleware post_key_auth',
    'HWGRL',
    5,
    'disable',
    keyed(plugins('post_key_auth')),
    'User code that knows the caller, before its rights are checked.',
  ),
  on(16, stripAuth, 'StripAuth', 'HWGRL', 'After everything that reads the credential; also where an endpoint needs none.'),

  // Authorize: is the key good, and good for this.
  on(17, keyExpired, 'KeyExpired', 'HWGRL', 'A key that is no longer good has no rights to look at.'),
  on(18, accessRights, 'AccessRightsCheck', 'HWGRL', 'The API and its version before single paths.'),
  on(19, granularAccess, 'GranularAccessMiddleware', 'HWGRL', 'Before counting: what is not allowed costs the caller nothing.'),

  // Limit: rate before quota, so that a request that came too early does not use up the quota.
  on(20, rateLimit, 'RateLimitAndQuotaCheck', 'HWGR', 'The key’s own rate. Loops count again only with check_limits.'),
  on(20, quota, 'RateLimitAndQuotaCheck', 'HWGR', 'Counts what the rate let through.'),
  elsewhere(21, 'mcp.access', 'MCP access control', 'H', 'Rights to tools and resources; comes with MCP.'),
  elsewhere(22, 'oauth.scopes', 'OAuth2 scope check', 'HG', 'Scopes and token exchange need the verified token; comes with part 2.'),
  on(23, apiRateLimit, 'RateLimitForAPI', 'HWGR', 'Protects the upstream, whoever calls: keyless and ignored requests count too.'),

  // Transform: what goes upstream. Rules match the path and method that the client sent, until the request is sent.
  later(
    24,
    'graphql',
    'GraphQLMiddleware',
    'G',
    8,
    'disable',
    where('/graphql/enabled', (d) => d.graphql.enabled),
    'The query is parsed before limits on it can be checked.',
  ),
  later(25, 'streams', 'StreamingMiddleware', 'H', 10, 'disable', oasKey('x-tyk-streaming'), 'Streams answer in place of an upstream.'),
  elsewhere(26, 'graphql.limits', 'GraphQLComplexityMiddleware', 'G', 'Depth and fields of the key; comes with GraphQL.'),
  later(
    27,
    'upstream.auth',
    'UpstreamBasicAuth, UpstreamOAuth',
    'HWGR',
    3,
    'disable',
    where('/upstream_auth/enabled', (d) => d.upstream_auth.enabled),
    'Credentials for the upstream; tokens are fetched before the body is touched.',
  ),
  laterForEndpoints(
    28,
    'validate.json',
    'ValidateJSON',
    'HL',
    5,
    notDisabled('validate_json'),
    'Validates what the client sent, not what transforms make of it.',
  ),
  laterForEndpoints(29, 'validate.request', 'ValidateRequest', 'HL', 5, enabled('validate_request'), 'The same against the OpenAPI document.'),
  laterForEndpoints(
    30,
    'persist.graphql',
    'PersistGraphQLOperationMiddleware',
    'HL',
    8,
    notDisabled('persist_graphql'),
    'Makes a GraphQL query of a plain request.',
  ),
  laterForEndpoints(31, 'request.body', 'TransformMiddleware', 'HL', 5, notDisabled('transform'), 'The body before the fields, which may describe it.'),
  later(
    32,
    'request.body.jq',
    'TransformJQMiddleware',
    'HL',
    5,
    'degrade',
    endpointList(notDisabled('transform_jq')),
    'Tyk’s own builds leave jq out as well.',
  ),
  on(33, requestHeaders, 'TransformHeaders', 'HWGRL', 'Sees limits and identity, whose values it may send on.'),
  on(34, urlRewrite, 'URLRewriteMiddleware', 'HWGRL', 'Only noted: steps below go on matching the client’s path.'),
  on(35, methodTransform, 'TransformMethod', 'HWGRL', 'Only noted, as the path.'),
  on(36, mockResponse, 'MockResponse', 'HWGRL', 'An answer instead of an upstream, for callers who would have got through.'),
  later(
    37,
    'cache.read',
    'RedisCacheMiddleware',
    'HGL',
    5,
    'degrade',
    where('/cache_options/enable_cache', (d) => d.cache_options.enable_cache),
    'Hits have been counted and authorized like any request.',
  ),
  laterForEndpoints(38, 'virtual.endpoint', 'VirtualEndpoint', 'HGL', 5, notDisabled('virtual'), 'Code that answers; may fall through to the upstream.'),
  later(
    39,
    'upstream.signing',
    'RequestSigning',
    'HWGR',
    3,
    'disable',
    where('/request_signing/is_enabled', (d) => d.request_signing.is_enabled),
    'Signs what all transforms made.',
  ),
  laterForEndpoints(40, 'plugins.endpoint', 'GoPluginMiddleware', 'HGL', 5, notDisabled('go_plugin'), 'User code of one endpoint.'),
  later(41, 'plugins.post', 'CustomMiddleware post', 'HWGRL', 5, 'disable', plugins('post'), 'User code last: it sees the request as it will go.'),
  elsewhere(42, 'mcp.continue', 'MCP continuation', 'H', 'Comes with MCP.'),
  on(43, enforceTimeout, 'HardTimeout', 'HWGRL', 'Belongs to sending the request; needs to know where a rewrite leads.'),
  later(
    43,
    'circuit.breaker',
    'CircuitBreaker',
    'HGRL',
    5,
    'degrade',
    endpointList(notDisabled('circuit_breakers')),
    'Stands before the upstream, behind everything that may answer without it.',
  ),
  later(
    43,
    'discovery',
    'ServiceDiscovery',
    'HWGR',
    5,
    'disable',
    where('/proxy/service_discovery', (d) => d.proxy.service_discovery.use_discovery_service),
    'Finds the target.',
  ),
  later(
    43,
    'upstream.certificates',
    'UpstreamMutualTLS',
    'HWGR',
    3,
    'disable',
    where('/upstream_certificates', (d) => !d.upstream_certificates_disabled && Object.keys(d.upstream_certificates ?? {}).length > 0),
    'Part of the connection to the target.',
  ),
  later(
    43,
    'certificate.pinning',
    'CertificatePinning',
    'HWGR',
    3,
    'disable',
    where('/pinned_public_keys', (d) => !d.certificate_pinning_disabled && Object.keys(d.pinned_public_keys ?? {}).length > 0),
    'Part of the connection to the target.',
  ),
  elsewhere(43, 'proxy', 'ReverseProxy', 'HWGRL', 'The end: a loop starts the chain again, everything else goes to the upstream.'),
];

/** What happens to an answer, in this order (request-chain.md §4 "Responses"). Numbers are places in that list. */
export const responseRows: readonly ChainRow[] = [
  elsewhere(0, 'mcp.list.filter', 'MCPListFilter', 'H', 'Comes with MCP.'),
  laterForEndpoints(
    1,
    'response.body',
    'ResponseTransformMiddleware',
    'HGL',
    5,
    notDisabled('transform_response'),
    'The body before the fields, which may describe it.',
  ),
  on(2, responseHeaders, 'ResponseHeaderInjector', 'HWGRL', 'Before the other processors, whatever the order in the definition.'),
  later(
    3,
    'response.processors',
    'ResponseProcessors',
    'HGL',
    5,
    'degrade',
    anyOf(otherProcessors, endpointList(notDisabled('transform_jq_response'))),
    'In the order in which the definition lists them.',
  ),
  later(4, 'plugins.response', 'CustomMiddleware response', 'HGL', 5, 'disable', plugins('response'), 'User code sees the answer as it will go.'),
  later(
    5,
    'error.overrides',
    'ErrorOverrides',
    'HGL',
    5,
    'degrade',
    where('/error_overrides', (d) => !d.error_overrides_disabled && Object.keys(d.error_overrides ?? {}).length > 0),
    'Replaces 4xx and 5xx answers, whoever made them.',
  ),
  elsewhere(6, 'cache.write', 'ResponseCacheMiddleware', 'HGL', 'What is kept is what the client gets; comes with the cache.'),
  on(7, expiryField, 'VersionCheck', 'HWGRL', 'A field of the gateway: header rules cannot take it away.'),
];

/** Ids of rows whose steps refuse the endpoints that ask for a feature which is not there yet. */
export const refusingRows: ReadonlySet<string> = new Set(
  [...chainRows, ...responseRows].filter((row) => row.later?.effect === 'endpoint').map((row) => row.id),
);
