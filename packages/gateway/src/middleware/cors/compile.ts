import type { Middleware } from '../../contract/step.ts';
import { answerCors } from './answer.ts';
import { fromClassic } from './formats.ts';
import { compileRules } from './rules.ts';
import type { CorsConfig } from './schema.ts';

export const cors: Middleware<CorsConfig> = {
  id: 'cors',
  name: 'CORS',
  stage: 'admit',
  skipIgnored: false,
  read: ({ definition }) => fromClassic(definition.CORS),
  compile: (config) => ({ request: answerCors(compileRules(config)) }),
};
