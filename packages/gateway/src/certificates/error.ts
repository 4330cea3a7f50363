export type CertificateErrorCode =
  | 'CERTIFICATE_UNREADABLE'
  | 'CERTIFICATE_MALFORMED'
  | 'CERTIFICATE_EXPIRED'
  | 'CERTIFICATE_NOT_YET_VALID'
  | 'CERTIFICATE_KEY_MISMATCH'
  | 'CERTIFICATE_KEY_ENCRYPTED'
  | 'CERTIFICATE_NAME_INVALID'
  | 'CA_INCOMPLETE'
  | 'CA_UNWRITABLE';

/** What is wrong with a certificate, its key or the local authority. The message names the file and the remedy. */
export class CertificateError extends Error {
  override readonly name = 'CertificateError';
  readonly code: CertificateErrorCode;
  readonly file: string;

  constructor(code: CertificateErrorCode, file: string, message: string) {
    super(message);
    this.code = code;
    this.file = file;
  }
}
