import { address, list, type Section } from '../../schema/fields.ts';

export interface IpAccessConfig {
  readonly addresses: readonly string[];
}

/** The list of allowed and the list of blocked addresses are described alike. */
export const schema: Section<IpAccessConfig> = {
  addresses: list(address('An address or a network; an entry that is neither is passed over', { example: '198.51.100.0/24' }), 'Who is let in, or kept out'),
};
