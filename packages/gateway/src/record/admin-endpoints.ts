import type { Gateway } from '../gateway.ts';

export interface AdministrationAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

export async function answerAdministration(url: string, gateway: Gateway, version: string): Promise<AdministrationAnswer> {
  await Promise.resolve();
  return { status: 200, contentType: 'text/plain', body: `${url} ${version} ${gateway.reloads}` };
}
