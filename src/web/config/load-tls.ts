import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { oneLine } from '../one-line.ts';
import { TLS13_SUITES } from './cipher-suites.ts';
import type { PemSource, TlsSection } from './parse-tls.ts';
import { canonicalName } from './subject-names.ts';
import type { TlsConfig } from './web-config.ts';

// As OpenSSL reads them (PEM_read_bio_X509_AUX).
const CERTIFICATE =
  /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----[\s\S]*?-----END (?:X509 |TRUSTED )?CERTIFICATE-----/g;

/**
 * Takes a section and what reads a file that it names (throws an Error of one line), returns TLS as a server needs it.
 * Throws the SyntaxError of the place for what cannot be read or used, and for a key that is not the certificate's.
 */
export function loadTls(section: TlsSection, readFile: (path: string) => string): TlsConfig {
  const [cert, key] = [load(section.cert, readFile), load(section.key, readFile)];
  const certificate = parseCertificate(section.cert, cert);
  if (!certificate.checkPrivateKey(parseKey(section.key, key))) {
    complain(section.key, 'it is not the key of the certificate');
  }
  const context: SecureContextOptions = {
    cert,
    key,
    // Never undefined: that would be every authority that Node.js knows, and let in whoever one of them has certified.
    ca: section.clientCa ? loadAuthorities(section.clientCa, readFile) : [],
    minVersion: section.minVersion,
    maxVersion: section.maxVersion,
    honorCipherOrder: section.serverOrder,
    ...ciphers(section),
    ...(section.curves && { ecdhCurve: section.curves.join(':') }),
  };
  try {
    createSecureContext(context);
  } catch (error) {
    section.place.fail(`Unusable tls_server_config: ${oneLine(error)}`);
  }
  const { clientAuthType, allowedSans } = section;
  return { context, clientAuthType, allowedSans: allowedSans && new Set(allowedSans.map(canonicalName)) };
}

function load(source: PemSource, readFile: (path: string) => string): string {
  if (source.inline) return source.text;
  try {
    return readFile(source.text);
  } catch (error) {
    return source.place.fail(`Wrong ${source.key}: ${oneLine(error)}`);
  }
}

function complain({ key, text, inline, place }: PemSource, what: string): never {
  return place.fail(`Wrong ${key}${inline ? '' : ` ${JSON.stringify(text)}`}: ${what}`);
}

function parseCertificate(source: PemSource, pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    return complain(source, 'no certificate in PEM');
  }
}

function parseKey(source: PemSource, pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    const encrypted = /ENCRYPTED/.test(pem);
    return complain(source, encrypted ? 'the key is encrypted; give it without a passphrase' : 'no private key in PEM');
  }
}

/** OpenSSL passes over what it cannot read of these: an authority that is silently missing would lock its clients out. */
function loadAuthorities(source: PemSource, readFile: (path: string) => string): string[] {
  const pem = load(source, readFile);
  const blocks = pem.match(CERTIFICATE);
  if (blocks === null) return complain(source, 'no certificate in PEM');
  for (const block of blocks) parseCertificate(source, block);
  return blocks;
}

/** TLS 1.3 stays on whatever is listed, as in Go; what is older than 1.2 signs with SHA-1, which OpenSSL allows at level 0 only. */
function ciphers({ ciphers, minVersion }: TlsSection): SecureContextOptions {
  const old = minVersion === 'TLSv1' || minVersion === 'TLSv1.1';
  if (ciphers === undefined && !old) return {};
  const listed = ciphers === undefined ? ['DEFAULT'] : ciphers.filter((name) => !TLS13_SUITES.includes(name));
  return { ciphers: [...TLS13_SUITES, ...listed, ...(old && listed.length > 0 ? ['@SECLEVEL=0'] : [])].join(':') };
}
