import { fieldName, type Section, text } from '../../schema/fields.ts';

/** Where the credential is looked for; `''` = not there. */
export interface AuthTokenConfig {
  readonly header: string;
  readonly query: string;
  readonly cookie: string;
}

export const schema: Section<AuthTokenConfig> = {
  header: fieldName('Request field with the credential, with or without `Bearer ` in front', { initial: 'Authorization' }),
  query: text('Parameter of the query; wins over the field'),
  cookie: text('Cookie; wins over both'),
};
