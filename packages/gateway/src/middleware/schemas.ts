import type { AnyField } from '../schema/fields.ts';
import { schema as accessRights } from './access-rights/schema.ts';
import { schema as apiRateLimit } from './api-rate-limit/schema.ts';
import { schema as authToken } from './auth-token/schema.ts';
import { schema as contextVars } from './context-vars/schema.ts';
import { schema as cors } from './cors/schema.ts';
import { schema as enforceTimeout } from './enforce-timeout/schema.ts';
import { schema as ipAccess } from './ip-access/schema.ts';
import { schema as methodTransform } from './method-transform/schema.ts';
import { schema as mockResponse } from './mock-response/schema.ts';
import { schema as quota } from './quota/schema.ts';
import { schema as requestHeaders } from './request-headers/schema.ts';
import { schema as requestSize } from './request-size/schema.ts';
import { schema as responseHeaders } from './response-headers/schema.ts';
import { schema as trackEndpoint } from './track-endpoint/schema.ts';
import { schema as urlRewrite } from './url-rewrite/schema.ts';
import { schema as versionAccess } from './version-access/schema.ts';

/** Id → description of its section, for forms, checks and reference pages. Middlewares without settings are not in it. Runs everywhere. */
export const schemas: Readonly<Record<string, Readonly<Record<string, AnyField>>>> = {
  'version.access': versionAccess,
  cors,
  'ip.access.allow': ipAccess,
  'ip.access.block': ipAccess,
  'request.size': requestSize,
  'context.vars': contextVars,
  'track.endpoint': trackEndpoint,
  'auth.token': authToken,
  'access.rights': accessRights,
  quota,
  'api.rate.limit': apiRateLimit,
  'request.headers': requestHeaders,
  'url.rewrite': urlRewrite,
  'method.transform': methodTransform,
  'mock.response': mockResponse,
  'enforce.timeout': enforceTimeout,
  'response.headers': responseHeaders,
};
