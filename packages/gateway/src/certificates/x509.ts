import { createHash, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIP } from 'node:net';
import { bits, boolean, explicit, implicit, integer, octets, oid, sequence, set, time, utf8 } from './der.ts';

/** What a certificate says (RFC 5280 §4.1). Keys are EC P-256, the signature is ECDSA with SHA-256. */
export interface CertificateRequest {
  commonName: string;
  /** Names and addresses for the subject alternative name; none for an authority. */
  names: readonly string[];
  notBefore: Date;
  notAfter: Date;
  publicKey: KeyObject;
  /** May sign other certificates, but none that sign again. */
  authority: boolean;
  issuer: { commonName: string; privateKey: KeyObject; publicKey: KeyObject };
}

const ECDSA_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));
const ORGANISATION = 'Gatehouse';

/** A certificate as PEM text. */
export function signCertificate(request: CertificateRequest): string {
  const body = sequence(
    explicit(0, integer(Buffer.from([2]))), // version 3
    integer(serialNumber()),
    ECDSA_SHA256,
    distinguishedName(request.issuer.commonName),
    sequence(time(request.notBefore), time(request.notAfter)),
    distinguishedName(request.commonName),
    publicKeyInfo(request.publicKey),
    explicit(3, sequence(...extensions(request))),
  );
  return pem(sequence(body, ECDSA_SHA256, bits(sign('sha256', body, request.issuer.privateKey))));
}

/** 127 random bits: unique without a counter to keep (RFC 5280 §4.1.2.2 wants a positive number of at most 20 bytes). */
function serialNumber(): Buffer {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes;
}

function distinguishedName(commonName: string): Buffer {
  return sequence(nameAttribute('2.5.4.10', ORGANISATION), nameAttribute('2.5.4.3', commonName));
}

const nameAttribute = (type: string, text: string): Buffer => set(sequence(oid(type), utf8(text)));

const publicKeyInfo = (key: KeyObject): Buffer => key.export({ type: 'spki', format: 'der' });

/** SHA-1 of the key's bit string, as RFC 5280 §4.2.1.2 proposes; an identifier, not a protection. */
const keyIdentifier = (key: KeyObject): Buffer => createHash('sha1').update(publicKeyInfo(key).subarray(-65)).digest();

function extensions(request: CertificateRequest): Buffer[] {
  const common = [
    extension('2.5.29.14', false, octets(keyIdentifier(request.publicKey))),
    extension('2.5.29.35', false, sequence(implicit(0, keyIdentifier(request.issuer.publicKey)))),
  ];
  return [...common, ...(request.authority ? authorityExtensions() : serverExtensions(request.names))];
}

const extension = (id: string, critical: boolean, value: Buffer): Buffer => sequence(oid(id), ...(critical ? [boolean(true)] : []), octets(value));

function authorityExtensions(): Buffer[] {
  return [
    extension('2.5.29.19', true, sequence(boolean(true), integer(Buffer.from([0])))), // CA, path length 0
    extension('2.5.29.15', true, bits(Buffer.from([0b0000_0110]), 1)), // keyCertSign, cRLSign
  ];
}

function serverExtensions(names: readonly string[]): Buffer[] {
  return [
    extension('2.5.29.19', true, sequence()),
    extension('2.5.29.15', true, bits(Buffer.from([0b1000_0000]), 7)), // digitalSignature
    extension('2.5.29.37', false, sequence(oid('1.3.6.1.5.5.7.3.1'))), // server authentication
    extension('2.5.29.17', false, sequence(...names.map(generalName))),
  ];
}

function generalName(name: string): Buffer {
  return isIP(name) ? implicit(7, addressBytes(name)) : implicit(2, Buffer.from(name, 'latin1'));
}

/** The 4 or 16 bytes of an address. */
function addressBytes(address: string): Buffer {
  if (isIP(address) === 4) return Buffer.from(address.split('.').map(Number));
  const [head = '', tail = ''] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const [left, right] = [addressGroups(head), addressGroups(tail)];
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0');
  return Buffer.from([...left, ...zeros, ...right].map((group) => group.padStart(4, '0')).join(''), 'hex');
}

const addressGroups = (text: string): string[] => (text === '' ? [] : text.split(':'));

function pem(bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
