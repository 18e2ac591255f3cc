/** One part of a form: a file where it has a file's name. */
export interface Part {
  readonly name?: string;
  readonly fileName?: string;
  readonly type?: string;
  readonly bytes: Buffer | string;
}

const BOUNDARY = '----gatehouse-7d1f0b2c9e';

/** A form as bytes (RFC 7578), and how it is declared. */
export function multipart(parts: readonly Part[]): { body: Buffer; headers: Record<string, string> } {
  const chunks = parts.flatMap(({ name, fileName, type, bytes }) => [
    Buffer.from(
      `--${BOUNDARY}\r\nContent-Disposition: form-data` +
        (name === undefined ? '' : `; name="${name}"`) +
        (fileName === undefined ? '' : `; filename="${fileName}"\r\nContent-Type: ${type ?? 'image/png'}`) +
        '\r\n\r\n',
    ),
    Buffer.from(bytes as string),
    Buffer.from('\r\n'),
  ]);
  return {
    body: Buffer.concat([...chunks, Buffer.from(`--${BOUNDARY}--\r\n`)]),
    headers: { 'Content-Type': `multipart/form-data; boundary=${BOUNDARY}` },
  };
}
