import { fieldName, flag, integer, list, method, type Section, text } from '../../schema/fields.ts';

export interface CorsConfig {
  readonly allowedOrigins: readonly string[];
  readonly allowedMethods: readonly string[];
  readonly allowedHeaders: readonly string[];
  readonly exposedHeaders: readonly string[];
  readonly allowCredentials: boolean;
  readonly maxAge: number;
}

export const schema: Section<CorsConfig> = {
  allowedOrigins: list(text('`*`, or an origin with at most one `*` in it', { example: 'https://*.example.com' }), 'Origins that may read answers', {
    initial: ['*'],
  }),
  allowedMethods: list(method('Upper case'), 'Methods that other origins may use', { initial: ['GET', 'POST', 'HEAD'] }),
  allowedHeaders: list(fieldName('A field name, or `*`'), 'Request fields that other origins may send', {
    initial: ['Origin', 'Accept', 'Content-Type', 'X-Requested-With'],
  }),
  exposedHeaders: list(fieldName('A field name'), 'Answer fields that scripts may read'),
  allowCredentials: flag('Cookies and other credentials may be sent'),
  maxAge: integer('How long a browser may remember a preflight; 0 = its own rule', { unit: 's', initial: 0 }),
};
