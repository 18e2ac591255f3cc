/** Characters that a text column refuses, or that would move the cursor of whoever reads them in a terminal. */
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;

/** The bytes of an answer as text that can be kept: what is no UTF-8, NUL or another control becomes U+FFFD. */
export function responseText(body: Buffer): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(body).replace(CONTROL, '\ufffd');
}
