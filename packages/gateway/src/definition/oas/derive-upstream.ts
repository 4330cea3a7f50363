import { type JsonObject, object, objects, text } from './json.ts';

/** An address, or the text of the refusal. */
export type UpstreamChoice = { readonly url: string } | { readonly message: string };

const NO_SERVERS =
  'The ‘servers’ object is empty in your OAS. You can either add a ‘servers’ section to your OpenAPI description or provide a Custom Upstream URL in the manual configuration options below.';

const ABSOLUTE = 'The URL must be absolute and properly formatted (e.g. https://example.com).';

const BAD_PARAMETER = `The manually configured upstream URL is not valid. ${ABSOLUTE} Please check the URL format and try again.`;

const badServer = (url: string): string =>
  `The first entry in the ‘servers’ object of your OAS is not valid. ${ABSOLUTE} Please update "${encodeURI(url)}" to be a valid URL and try again.`;

/** The upstream of a derived API: the parameter, else what it has, else the first server of the document. */
export function chooseUpstream(document: JsonObject, existing: string, parameter: string): UpstreamChoice {
  if (parameter !== '') return isAbsolute(parameter) ? { url: parameter } : { message: BAD_PARAMETER };
  if (existing !== '') return { url: existing };
  const [server] = objects(document['servers']);
  if (server === undefined) return { message: NO_SERVERS };
  const filled = fillVariables(server);
  if ('message' in filled) return filled;
  return isAbsolute(filled.url) ? filled : { message: badServer(filled.url) };
}

/** Scheme and something behind it; a reference such as `env://NAME` has that form as well. */
const isAbsolute = (url: string): boolean => /^[a-z][a-z0-9+.-]*:\/\/[^\s/?#]/i.test(url) && !/\s/.test(url);

function fillVariables(server: JsonObject): UpstreamChoice {
  let url = text(server['url']);
  for (const [name, variable] of Object.entries(object(server['variables']))) {
    const value = text(object(variable)['default']);
    if (value === '') return { message: `server variable ${name} does not have a default value` };
    url = url.replaceAll(`{${name}}`, value);
  }
  return /[{}]/.test(url) ? { message: 'server URL contains undefined variables' } : { url };
}
