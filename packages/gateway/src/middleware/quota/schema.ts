import { flag, type Section } from '../../schema/fields.ts';

export interface QuotaConfig {
  readonly counts: boolean;
}

export const schema: Section<QuotaConfig> = {
  counts: flag('Requests count against the quota of their key; without it the quota is only shown', { initial: true }),
};
