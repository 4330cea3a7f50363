import type { Middleware } from '../../contract/step.ts';
import { isForm } from '../context-values.ts';
import { readBody } from '../request-body.ts';
import { fromClassic } from './formats.ts';
import type { ContextVarsConfig } from './schema.ts';

/** Opens `$tyk_context` for a request: templates read most values straight from the request, steps add theirs to the map. */
export const contextVars: Middleware<ContextVarsConfig> = {
  id: 'context.vars',
  name: 'MiddlewareContextVars',
  stage: 'admit',
  skipIgnored: false,
  read: ({ definition, version }) => fromClassic(definition, version),
  compile({ readsForms }) {
    return {
      request: function openContext(x) {
        x.context ??= new Map();
        if (readsForms && isForm(x)) return readBody(x, contextVars.name);
      },
    };
  },
};
