import { flag, type Section } from '../../schema/fields.ts';

export interface ContextVarsConfig {
  /** Some template of the version uses a form's fields. */
  readonly readsForms: boolean;
}

export const schema: Section<ContextVarsConfig> = {
  readsForms: flag('Found out from the templates: the body of a form is read only where one of them uses `$tyk_context.request_data`'),
};
