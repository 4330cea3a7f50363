import { describe, expect, it } from 'vitest';
import { E } from '../contract/errors.ts';
import { ErrorWriter, messageOverrides } from './error-writer.ts';

describe('request-chain.md §4: error bodies', () => {
  const writer = new ErrorWriter(new Map(), false);

  it.each([
    [undefined, 'application/json', '{\n    "error": "no \\"way\\""\n}'],
    ['text/plain', 'application/json', '{\n    "error": "no \\"way\\""\n}'],
    ['Application/XML', 'application/json', '{\n    "error": "no \\"way\\""\n}'],
    ['text/xml', 'text/xml', '<?xml version = "1.0" encoding = "UTF-8"?>\n<error>no &#34;way&#34;</error>\n'],
    ['application/xml; charset=utf-8', 'application/xml', '<?xml version = "1.0" encoding = "UTF-8"?>\n<error>no &#34;way&#34;</error>\n'],
    ['application/soap+xml', 'application/soap+xml', '<?xml version = "1.0" encoding = "UTF-8"?>\n<error>no &#34;way&#34;</error>\n'],
  ])('for a request of type %s', (type, contentType, body) => {
    expect(writer.body(403, 'no "way"', type)).toEqual({ contentType, body });
  });

  it('takes the template of the status, then that of the format, then the JSON one', () => {
    const templates = new Map([
      ['error.json', 'json {{.Message}}'],
      ['error_403.json', '403 {{ .Message }}'],
      ['error_404.xml', 'x404 {{.Message}}'],
    ]);
    const own = new ErrorWriter(templates, false);
    expect(own.body(403, 'm', undefined).body).toBe('403 m');
    expect(own.body(500, 'm', undefined).body).toBe('json m');
    expect(own.body(404, 'a<b', 'text/xml').body).toBe('x404 a&lt;b');
  });

  it('never takes a replacement pattern from the message', () => {
    expect(writer.body(500, '$& $1', undefined).body).toContain('$& $1');
  });

  it('hides the generator on demand', () => {
    expect(writer.fields).toEqual(['X-Generator', 'tyk.io']);
    expect(new ErrorWriter(new Map(), true).fields).toEqual([]);
  });

  it('honours override_messages', () => {
    const overrides = messageOverrides({
      'auth.auth_field_missing': { code: 418, message: 'tea' },
      'auth.key_not_found': { message: 'who?' },
      'no.such.id': { code: 1 },
    });
    const own = new ErrorWriter(new Map(), false, overrides);
    expect(own.row(E.AUTH_FIELD_MISSING)).toEqual({ status: 418, text: 'tea' });
    expect(own.row(E.AUTH_KEY_NOT_FOUND)).toEqual({ status: 403, text: 'who?' });
    expect(own.row(E.QUOTA_EXCEEDED)).toBe(E.QUOTA_EXCEEDED);
  });
});
