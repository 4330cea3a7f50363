/**
 * Every refusal of the control API. Statuses and texts are those of Tyk 5.14 (spec/control/gateway-api.md): they are an interface, also where
 * they are odd. `%s` stands for the detail.
 */
export interface AdminError {
  readonly status: number;
  readonly text: string;
}

const TABLE = {
  // §1 conventions
  SECRET_WRONG: [403, 'Attempted administrative access with invalid or missing key!'],
  METHOD_NOT_SUPPORTED: [405, 'Method not supported'],
  METHOD_NOT_ALLOWED: [405, 'Method Not Allowed'],
  BODY_TOO_LARGE: [413, 'Request body is larger than 8 MiB'],
  INTERNAL: [500, 'Internal Server Error'],
  UNAVAILABLE: [503, 'The control API is busy, try again later'],
  MALFORMED: [400, 'Request malformed'],
  // §3 to §5 APIs
  API_NOT_FOUND: [404, 'API not found'],
  API_INVALID: [400, '%s'],
  API_ID_DIFFERS: [400, 'Request APIID does not match that in Definition! For Update operations these must match.'],
  API_ID_INVALID: [400, 'Invalid API ID'],
  API_IS_OAS: [400, 'this API endpoint only supports Tyk Classic APIs; please use the appropriate Tyk OAS API endpoint'],
  API_IS_CLASSIC: [400, 'the requested API definition is in Tyk classic format, please use old api endpoint'],
  API_IS_CLASSIC_ON_WRITE: [400, 'the supplied API definition is in OAS format, please use the Tyk classic format for this API'],
  OAS_MALFORMED: [400, 'request malformed'],
  OAS_INVALID: [400, '%s'],
  OAS_WITHOUT_EXTENSION: [400, 'the payload should contain x-tyk-api-gateway'],
  OAS_IMPORT_WITH_EXTENSION: [400, 'the import payload should not contain x-tyk-api-gateway'],
  USE_DASHBOARD_FOR_APIS: [500, 'Due to enabled use_db_app_configs, please use the Dashboard API'],
  FILE_NOT_WRITTEN: [500, 'Failed to create file!'],
  DELETE_FAILED: [500, 'Delete failed'],
  VERSION_NAME_MISSING: [422, 'The new version name is required'],
  BASE_API_INVALID: [400, '%s is not a valid Base API version'],
  BASE_VERSION_NAME_MISSING: [400, 'you need to provide a version name for the new Base API: %s'],
  // §6 keys
  KEY_UNMARSHALLING: [500, 'Unmarshalling failed'],
  KEY_NOT_CREATED: [500, 'Failed to create key, ensure security settings are correct.'],
  KEY_NOT_CREATED_BECAUSE: [500, 'Failed to create key - %s'],
  KEY_WITHOUT_RIGHTS: [400, 'Failed to create key, keys must have at least one Access Rights record set.'],
  KEY_NOT_FOUND: [404, 'Key not found'],
  KEY_NOT_FOUND_ON_UPDATE: [404, 'Key is not found'],
  KEY_NOT_FOUND_ON_DELETE: [404, 'There is no such key found'],
  KEY_NOT_REMOVED: [400, 'Failed to remove the key'],
  KEY_BY_HASH_WITHOUT_HASHING: [400, 'Key requested by hash but key hashing is not enabled'],
  KEY_CERTIFICATE_REMOVED: [400, 'Key cannot be used without a certificate'],
  KEY_CERTIFICATE_UNKNOWN: [400, 'Key must be used with an existent certificate'],
  PASSWORD_TOO_LONG: [400, 'The password is longer than 72 bytes, which is all that bcrypt can look at'],
  BINDING_INVALID: [400, 'invalid certificate ID: %s'],
  BINDING_UNKNOWN: [400, 'certificate not found: %s'],
  HASHED_LISTING_OFF: [404, 'Hashed key listing is disabled in config (enable_hashed_keys_listing)'],
  LISTING_WITHOUT_FILTER: [400, "The 'filter' parameter (Org ID) is required when filtering by 'api_id' in legacy mode"],
  LISTING_TOO_SLOW: [504, 'Request timeout while processing keys'],
  INSTRUCTION_UNREADABLE: [400, "Couldn't decode instruction"],
  MCP_ON_ORDINARY_API: [400, 'MCP fields can only be configured on MCP Proxies, API "%s" is not an MCP Proxy'],
  // §7 policies
  POLICY_NOT_FOUND: [404, 'Policy not found'],
  POLICY_ID_DIFFERS: [400, 'Request ID does not match that in policy! For Update operations these must match.'],
  POLICY_ID_MISSING: [400, 'Unable to create policy without id.'],
  POLICY_ID_INVALID: [400, 'Invalid Policy ID: Allowed characters: a-z, A-Z, 0-9, ., _, -, ~'],
  ID_MISSING_ON_UPDATE: [400, 'Must specify an apiID to update'],
  ID_MISSING_ON_DELETE: [400, 'Must specify an apiID to delete'],
  USE_DASHBOARD_FOR_POLICIES: [500, 'Due to enabled service policy source, please use the Dashboard API'],
  // §13 debug
  DEBUG_SPEC_MISSING: [400, 'Spec field is missing'],
  DEBUG_REQUEST_MISSING: [400, 'Request field is missing'],
  // §12 health
  HEALTH_OFF: [400, 'Health checks are not enabled for this node'],
  HEALTH_API_MISSING: [400, 'missing api_id parameter'],
  HEALTH_API_UNKNOWN: [404, 'API ID not found'],
} as const;

export type AdminErrorCode = keyof typeof TABLE;

export const A: Readonly<Record<AdminErrorCode, AdminError>> = Object.fromEntries(
  Object.entries(TABLE).map(([code, [status, text]]) => [code, { status, text }]),
) as Record<AdminErrorCode, AdminError>;

export const minTokenLength = (given: number, least: number): AdminError => ({
  status: 400,
  text:
    `custom key ID length ${given} is less than min_token_length (${least}); the key would be unreachable at auth time. ` +
    'Use an ID of at least min_token_length characters, or lower min_token_length in the gateway configuration.',
});
