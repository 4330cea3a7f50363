import { describe, expect, it } from 'vitest';
import { testGateway } from './test/gateway.ts';

const conf = { enable_config_inspection: true, secret: 'hush', node_secret: 'quiet', storage: { password: 'silent' }, secrets: { a: 'mute' } };

/** gateway-api.md §12. */
describe('config inspection', () => {
  it.each(['/config', '/env'])('%s shows no secret', async (path) => {
    using gateway = await testGateway({ conf });
    const text = JSON.stringify((await gateway.ask(`GET ${path}`)).json);
    expect(text).toContain('*REDACTED*');
    for (const secret of ['hush', 'quiet', 'silent', 'mute']) expect(text).not.toContain(`"${secret}"`);
  });

  it.each([
    ['/config?field=storage.password', { config_field: 'storage.password', env: 'TYK_GW_STORAGE_PASSWORD', value: '*REDACTED*', obfuscated: true }],
    ['/env?env=TYK_GW_ENABLECONFIGINSPECTION', { config_field: 'enable_config_inspection', value: 'true', obfuscated: false }],
    ['/env?env=TYK_GW_SECRETS', { value: '*REDACTED*', obfuscated: true }],
  ])('%s gives one setting', async (path, json) => {
    using gateway = await testGateway({ conf });
    expect(await gateway.ask(`GET ${path}`)).toMatchObject({ status: 200, json });
  });

  it('is bound to the control host name, and off by default', async () => {
    using bound = await testGateway({ conf: { ...conf, control_api_hostname: 'control.example' } });
    const headers = [['X-Tyk-Authorization', 'hush']] as const;
    expect(await bound.send({ path: '/config', headers, host: 'control.example' })).toMatchObject({ status: 200 });
    expect(await bound.send({ path: '/config', headers, host: 'public.example' })).toMatchObject({ status: 404, json: 'Not Found' });
    using off = await testGateway();
    expect(await off.ask('GET /config')).toMatchObject({ status: 404, json: 'Not Found' });
  });

  it('answers GET only', async () => {
    using gateway = await testGateway({ conf });
    expect(await gateway.ask('POST /config')).toMatchObject({ status: 405 });
  });
});
