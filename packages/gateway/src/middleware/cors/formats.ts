import type { Cors } from '../../definition/classic/types.ts';
import type { CorsConfig } from './schema.ts';

const METHODS = ['GET', 'POST', 'HEAD'];
const HEADERS = ['Origin', 'Accept', 'Content-Type', 'X-Requested-With'];

/** `CORS` of a Classic definition, which `middleware.global.cors` becomes. */
export function fromClassic(cors: Cors): CorsConfig | undefined {
  if (!cors.enable) return undefined;
  return {
    allowedOrigins: orElse(cors.allowed_origins, ['*']),
    allowedMethods: orElse(cors.allowed_methods, METHODS),
    allowedHeaders: orElse(cors.allowed_headers, HEADERS),
    exposedHeaders: cors.exposed_headers ?? [],
    allowCredentials: cors.allow_credentials,
    maxAge: cors.max_age,
  };
}

const orElse = (given: readonly string[] | null, standard: readonly string[]): readonly string[] => (given === null || given.length === 0 ? standard : given);
