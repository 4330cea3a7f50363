import type { Fields } from '@gatehouse/wire';
import { E, type ErrorCode, type ErrorRow } from '../contract/errors.ts';

export type ErrorFormat = 'json' | 'xml';

/** Body and Content-Type of an error answer. */
export interface ErrorBody {
  readonly contentType: string;
  readonly body: string;
}

/** Template texts by file name without folder, e.g. `error_403.json`; built-in ones where the folder has none. */
export type ErrorTemplates = ReadonlyMap<string, string>;

/** By code of the error table: what the operator puts in place of a row's status and text. */
export type MessageOverrides = ReadonlyMap<string, Pick<ErrorRow, 'status' | 'text'>>;

/** Ids of `override_messages` (spec/gateway/request-chain.md §4) → rows of the table. */
const OVERRIDABLE: Readonly<Record<string, ErrorCode>> = { 'auth.auth_field_missing': 'AUTH_FIELD_MISSING', 'auth.key_not_found': 'AUTH_KEY_NOT_FOUND' };

/** Reads `override_messages`: id → `{code, message}`; what one leaves out stays. Ids without a row are passed over. */
export function messageOverrides(config: Readonly<Record<string, unknown>>): MessageOverrides {
  const overrides = new Map<string, Pick<ErrorRow, 'status' | 'text'>>();
  for (const [id, value] of Object.entries(config)) {
    const row = OVERRIDABLE[id];
    if (!row) continue;
    const { code, message } = value as { code?: number; message?: string };
    overrides.set(row, { status: code || E[row].status, text: message || E[row].text });
  }
  return overrides;
}

const BUILT_IN: ErrorTemplates = new Map([
  ['error.json', '{\n    "error": "{{.Message}}"\n}'],
  ['error.xml', '<?xml version = "1.0" encoding = "UTF-8"?>\n<error>{{.Message}}</error>\n'],
]);

const XML_TYPES = new Set(['application/xml', 'text/xml', 'application/soap+xml']);

/**
 * Writes error bodies (spec/gateway/request-chain.md §4 "Error writer"): the format follows the request's Content-Type; the template is
 * `error_<status>.<format>`, then `error.<format>`, then `error.json`.
 */
export class ErrorWriter {
  private readonly templates: ErrorTemplates;
  private readonly generator: boolean;
  private readonly messages: MessageOverrides;
  private readonly remembered = new Map<string, ErrorBody>();

  constructor(templates: ErrorTemplates, hideGenerator: boolean, messages: MessageOverrides = new Map()) {
    this.templates = templates;
    this.generator = !hideGenerator;
    this.messages = messages;
  }

  /** Status and text of a row, as the operator wants them (`override_messages`). */
  row(error: ErrorRow): Pick<ErrorRow, 'status' | 'text'> {
    return this.messages.get(error.code) ?? error;
  }

  /** Fields that every error answer carries. */
  get fields(): Fields {
    return this.generator ? ['X-Generator', 'tyk.io'] : [];
  }

  body(status: number, message: string, requestType: string | undefined): ErrorBody {
    const xml = requestType !== undefined ? xmlType(requestType) : '';
    const key = `${status} ${xml} ${message}`;
    let made = this.remembered.get(key);
    if (!made) {
      made = this.render(status, message, xml);
      if (this.remembered.size < 1000) this.remembered.set(key, made);
    }
    return made;
  }

  private render(status: number, message: string, xml: string): ErrorBody {
    const format: ErrorFormat = xml === '' ? 'json' : 'xml';
    const template = this.find(`error_${status}.${format}`) ?? this.find(`error.${format}`) ?? this.find('error.json') ?? '';
    const text = format === 'json' ? escapeJson(message) : escapeXml(message);
    return { contentType: xml === '' ? 'application/json' : xml, body: template.replaceAll(/\{\{\s*\.Message\s*\}\}/g, () => text) };
  }

  private find(name: string): string | undefined {
    return this.templates.get(name) ?? BUILT_IN.get(name);
  }
}

function xmlType(requestType: string): string {
  const semicolon = requestType.indexOf(';');
  const type = semicolon < 0 ? requestType : requestType.slice(0, semicolon).trim();
  return XML_TYPES.has(type) ? type : '';
}

const escapeJson = (text: string): string => JSON.stringify(text).slice(1, -1);

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&#34;', "'": '&#39;' };
const escapeXml = (text: string): string => text.replace(/[&<>"']/g, (c) => ENTITIES[c] ?? c);
