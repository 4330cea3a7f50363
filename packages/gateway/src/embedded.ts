import { randomBytes } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { namespace } from '@gatehouse/store';
import { createCounterMemory, SharedCounterStore } from '@gatehouse/store/shared';
import { openCounterPersistence, openKeyStore, openRecordStore } from '@gatehouse/store/sqlite';
import { parseCertificate, readKeyPair } from './certificates/index.ts';
import type { GatewayConfig } from './config/index.ts';
import type { Log } from './contract/site.ts';
import { resolveReferences } from './definition/references.ts';
import { type Gateway, createGateway } from './gateway.ts';
import { createServices } from './threads/services.ts';
import type { ServerCertificatePem, SharedMemory, ThreadBoot } from './threads/messages.ts';

export interface EmbeddedOptions {
  readonly config: GatewayConfig;
  /** Absolute path of the folder of the embedded stores. */
  readonly dataFolder: string;
  readonly version: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  fatal(reason: string): void;
}

/** A gateway on the embedded stores, and what has to be closed after it. */
export interface EmbeddedGateway extends Gateway {
  /** Writes what is not on the disk yet; after `close`. */
  closeStores(): void;
}

/** Milliseconds between removals of keys that have lapsed. */
const SWEEP_MS = 30_000;

/** Slots of load-balancing turns. */
const TURNS = 4096;

/**
 * Opens the embedded stores and makes a gateway on them. Throws a StoreError or CertificateError, one line that names the place and the
 * remedy, before anything listens.
 */
export function openEmbedded(options: EmbeddedOptions): EmbeddedGateway {
  const { config, dataFolder, log } = options;
  const certificates = readCertificates(config);
  const upstreamCa = readAuthorities(config.upstream_ca_file || (options.env['SSL_CERT_FILE'] ?? ''));
  const shared = createShared();
  const keys = openKeyStore({ folder: dataFolder, epoch: shared.keyEpoch, readOnly: false });
  const persistence = openCounterPersistence({
    folder: dataFolder,
    memory: shared.counters,
    onError: (error) => log('error', error.message, { prefix: 'store' }),
  });
  const records = openRecordStore(dataFolder);
  const counters = new SharedCounterStore(shared.counters);
  persistence.start();
  const sweeper = setInterval(() => keys.sweep(), SWEEP_MS).unref();
  const gateway = createGateway({
    config,
    version: options.version,
    dataFolder,
    shared,
    keys: namespace(keys, 'apikey-'),
    orgKeys: namespace(keys, 'orgkey.'),
    counters,
    records,
    certificates,
    templates: readTemplates(config.template_path),
    upstreamCa,
    resolve: (text) => resolveReferences(text, referenceSources(options)),
    services: createServices({ config, counters, turns: shared.turns, log, identify: () => undefined, event: () => undefined }),
    log,
    fatal: options.fatal,
  });
  return Object.assign(gateway, {
    closeStores() {
      clearInterval(sweeper);
      persistence.close();
      records.close();
      keys.close();
    },
  });
}

function createShared(): SharedMemory {
  return {
    counters: createCounterMemory(),
    keyEpoch: new Int32Array(new SharedArrayBuffer(4)),
    turns: new Int32Array(new SharedArrayBuffer(TURNS * 4)),
    ticketKeys: randomBytes(48),
  };
}

function readCertificates(config: GatewayConfig): ServerCertificatePem[] {
  return config.http_server_options.certificates.map((c) => {
    const { cert, key } = readKeyPair(c.cert_file, c.key_file, { allowExpired: true });
    return { domain: c.domain_name || '*', cert, key };
  });
}

/** Authorities for upstreams; unreadable ones forbid the start, or every upstream behind them would fail later. */
function readAuthorities(file: string): string {
  if (file === '') return '';
  const text = readFileSync(file, 'utf8');
  parseCertificate(text, file);
  return text;
}

/** Files of the template folder whose names begin with `error` (spec/gateway/request-chain.md §4). */
function readTemplates(folder: string): ThreadBoot['templates'] {
  if (folder === '') return [];
  try {
    return readdirSync(folder)
      .filter((n) => n.startsWith('error'))
      .map((n) => [n, readFileSync(join(folder, n), 'utf8')] as const);
  } catch {
    // A missing folder means the built-in templates, as in a Tyk installation without templates.
    return [];
  }
}

function referenceSources({ config, env }: EmbeddedOptions): Parameters<typeof resolveReferences>[1] {
  return { secrets: config.secrets, env: (name) => env[name], file: (name) => readBelow(config.kv.file.base_path, name) };
}

/** A file below `base`; undefined where it is missing or the name leads out of the folder. */
function readBelow(base: string, name: string): string | undefined {
  if (base === '' || name.split('/').includes('..')) return undefined;
  try {
    return readFileSync(join(base, name), 'utf8').trimEnd();
  } catch {
    return undefined;
  }
}
