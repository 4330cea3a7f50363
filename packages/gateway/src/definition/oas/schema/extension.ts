import { errorOverrides, info } from './info.ts';
import { middleware } from './middleware.ts';
import { server } from './server.ts';
import { object, type Schema } from './types.ts';
import { upstream } from './upstream.ts';

/** `x-tyk-api-gateway` (spec/gateway/api-definition-oas.md §1–§6). Unknown properties are allowed. */
export const extension: Schema = object({ info, upstream, server, middleware, errorOverrides }, ['info', 'server']);

/** What an API needs that is no stream: a target, or several. */
const target: Schema = { anyOf: [object({}, ['url']), object({}, ['loadBalancing'])] };

export const extensionOfProxy: Schema = object({ upstream: target }, ['upstream']);
