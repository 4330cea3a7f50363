/** The query parameters with which an extension is derived from a plain document (spec/gateway/api-definition-oas.md §7). */
export interface DeriveOptions {
  readonly upstreamUrl: string;
  readonly listenPath: string;
  readonly customDomain: string;
  readonly apiId: string;
  /** Undefined leaves what is there. */
  readonly authentication: boolean | undefined;
  readonly compliant: boolean;
  readonly allowList: boolean | undefined;
  readonly validateRequest: boolean | undefined;
  readonly mockResponse: boolean | undefined;
}

const TRUE: ReadonlySet<string> = new Set(['1', 't', 'T', 'true', 'TRUE', 'True']);
const FALSE: ReadonlySet<string> = new Set(['0', 'f', 'F', 'false', 'FALSE', 'False']);

/**
 * Reads the parameters; `get` answers null for one that is not there. What is no boolean counts as absent.
 * `authentication=compliant` switches authentication on with alternatives: to import an API open because of it helps nobody.
 */
export function readDeriveOptions(query: { get(name: string): string | null }): DeriveOptions {
  const value = (name: string): string => query.get(name) ?? '';
  const isCompliant = value('authentication') === 'compliant';
  return {
    upstreamUrl: value('upstreamURL'),
    listenPath: value('listenPath'),
    customDomain: value('customDomain'),
    apiId: value('apiID'),
    authentication: isCompliant || readBoolean(value('authentication')),
    compliant: isCompliant || value('securityProcessingMode') === 'compliant',
    allowList: readBoolean(value('allowList')),
    validateRequest: readBoolean(value('validateRequest')),
    mockResponse: readBoolean(value('mockResponse')),
  };
}

function readBoolean(text: string): boolean | undefined {
  if (TRUE.has(text)) return true;
  return FALSE.has(text) ? false : undefined;
}

/** Whether any parameter asks for a change; without one a PATCH with an extension is a plain update. */
export function asksForChange(options: DeriveOptions): boolean {
  const { authentication, allowList, validateRequest, mockResponse } = options;
  const texts = [options.upstreamUrl, options.listenPath, options.customDomain];
  return options.compliant || texts.some((text) => text !== '') || [authentication, allowList, validateRequest, mockResponse].some((one) => one !== undefined);
}
