/** An address that people follow: nothing that a browser would run. */
export const WEB_ADDRESS = {
  max: 2_000,
  pattern: /^https?:\/\/[^\s/?#@\\]+([/?#][^\s\\]*)?$/,
  patternReason: 'must be an address of the web, http:// or https://, without a user name',
} as const;
